//! What is demanded of large sets: how long a plan may take, and that twice as much takes twice as long.

use super::statistics::Measured;
use super::table::Row;

/// The sizes that are compared.
const SIZES: (&str, &str) = ("/10000", "/20000");

/// What a plan of one resource with a set of ten thousand objects may take, with all that belongs to it.
const PLAN_MS_MAX: f64 = 200.0;

/// How many times as long twice as many objects may take: a little more than twice, because memory is slower then.
const GROWTH_MAX: f64 = 2.3;

/// With the bound for a plan of a large set, if it is one.
pub(super) fn bounded(row: Row, measured: &Measured) -> Row {
    let is_plan = measured.name.contains("/plan/") && measured.name.ends_with(SIZES.0);
    if !is_plan {
        return row;
    }
    row.at_most(format!("{PLAN_MS_MAX:.0} ms"), measured.nanoseconds <= PLAN_MS_MAX * 1e6)
}

/// One row for everything that was measured in both sizes.
pub(super) fn rows(measured: &[Measured]) -> Vec<Row> {
    let smaller = measured.iter().filter_map(|it| Some((it.name.strip_suffix(SIZES.0)?, it.nanoseconds)));
    let row = |(name, before): (&str, f64)| {
        let larger = measured.iter().find(|it| it.name.strip_suffix(SIZES.1) == Some(name))?;
        let ratio = larger.nanoseconds / before;
        let row = Row::new(format!("{name}: 20 000 to 10 000 objects"), format!("{ratio:.2}"));
        Some(row.at_most(format!("{GROWTH_MAX}"), ratio <= GROWTH_MAX))
    };
    smaller.filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::super::table::Table;
    use super::*;

    #[test]
    fn large_sets_have_a_bound_and_a_ratio() {
        let measured = [
            Measured::new("set/plan/a/10000", 100e6),
            Measured::new("set/plan/a/20000", 210e6),
            Measured::new("set/plan/b/10000", 300e6),
            Measured::new("set/plan/b/20000", 900e6),
            Measured::new("set/check/1000", 1e6),
        ];
        let bounds = measured.iter().map(|it| bounded(Row::new(it.name.clone(), "x".to_owned()), it));
        let expected = "set/plan/a/10000  x  at most 200 ms: held\n\
                        set/plan/a/20000  x\n\
                        set/plan/b/10000  x  at most 200 ms: MISSED\n\
                        set/plan/b/20000  x\n\
                        set/check/1000    x\n";
        assert_eq!(Table(bounds.collect()).to_string(), expected);
        let expected = "set/plan/a: 20 000 to 10 000 objects  2.10  at most 2.3: held\n\
                        set/plan/b: 20 000 to 10 000 objects  3.00  at most 2.3: MISSED\n";
        assert_eq!(Table(rows(&measured)).to_string(), expected);
    }
}
