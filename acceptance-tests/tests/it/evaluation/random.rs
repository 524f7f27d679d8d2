//! Expressions at random, from a seed: mostly right in type, so that most of them have a value.

/// A small generator of numbers that gives the same for the same seed everywhere (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides).unwrap()).unwrap()
    }

    fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.roll(choices.len())]
    }
}

/// What kind of value an expression should have.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Number,
    Truth,
    Texts,
    Object,
}

const KINDS: [Kind; 5] = [Kind::Text, Kind::Number, Kind::Truth, Kind::Texts, Kind::Object];

/// So many expressions of that seed.
pub fn expressions(seed: u64, count: usize) -> Vec<String> {
    let mut dice = Dice(seed);
    (0..count)
        .map(|_| {
            let kind = KINDS[dice.roll(KINDS.len())];
            expression(kind, 4, &mut dice)
        })
        .collect()
}

fn expression(kind: Kind, depth: usize, dice: &mut Dice) -> String {
    if depth == 0 {
        return leaf(kind, dice).to_owned();
    }
    // Now and then something of another kind, which is converted or refused.
    let kind = if dice.roll(25) == 0 { KINDS[dice.roll(KINDS.len())] } else { kind };
    if dice.roll(8) == 0 {
        let (condition, one, other) =
            (part(Kind::Truth, depth, dice), part(kind, depth, dice), part(kind, depth, dice));
        return format!("({condition} ? {one} : {other})");
    }
    match kind {
        Kind::Text => text(depth, dice),
        Kind::Number => number(depth, dice),
        Kind::Truth => truth(depth, dice),
        Kind::Texts => texts(depth, dice),
        Kind::Object => object(depth, dice),
    }
}

fn part(kind: Kind, depth: usize, dice: &mut Dice) -> String {
    let depth = dice.roll(depth);
    expression(kind, depth, dice)
}

fn leaf(kind: Kind, dice: &mut Dice) -> &'static str {
    match kind {
        Kind::Text => {
            dice.pick(&["\"\"", "\"a\"", "\"b,c\"", "\"12\"", "\"A b\"", "var.name", "local.environment"])
        }
        Kind::Number => dice.pick(&["0", "1", "-3", "2.5", "100", "var.ports[0]", "length(var.systems)"]),
        Kind::Truth => dice.pick(&["true", "false", "var.systems.sap.active", "\"true\""]),
        Kind::Texts => dice.pick(&[
            "[]",
            "[\"b\", \"a\"]",
            "keys(var.systems)",
            "local.active",
            "local.words",
            "var.ports",
        ]),
        Kind::Object => {
            dice.pick(&["{}", "{ a = 1 }", "local.hosts", "{ b = \"x\", a = \"y\" }", "var.systems.jira"])
        }
    }
}

fn text(depth: usize, dice: &mut Dice) -> String {
    match dice.roll(9) {
        0 => format!("\"${{{}}}-${{{}}}\"", part(Kind::Text, depth, dice), part(Kind::Number, depth, dice)),
        1 => format!(
            "{}({})",
            dice.pick(&["upper", "lower", "trimspace", "title", "strrev"]),
            part(Kind::Text, depth, dice)
        ),
        2 => format!("join(\",\", {})", part(Kind::Texts, depth, dice)),
        3 => {
            format!("format(\"%s:%s\", {}, {})", part(Kind::Text, depth, dice), part(Kind::Text, depth, dice))
        }
        4 => format!("replace({}, \"a\", {})", part(Kind::Text, depth, dice), part(Kind::Text, depth, dice)),
        5 => format!("tostring({})", part(Kind::Number, depth, dice)),
        6 => format!("jsonencode({})", part(Kind::Object, depth, dice)),
        7 => format!(
            "\"%{{ if {} }}${{{}}}%{{ else }}-%{{ endif }}\"",
            part(Kind::Truth, depth, dice),
            part(Kind::Text, depth, dice)
        ),
        _ => format!("element({}, {})", part(Kind::Texts, depth, dice), part(Kind::Number, depth, dice)),
    }
}

fn number(depth: usize, dice: &mut Dice) -> String {
    match dice.roll(6) {
        0 => {
            let operator = dice.pick(&["+", "-", "*", "/", "%"]);
            format!("({} {operator} {})", part(Kind::Number, depth, dice), part(Kind::Number, depth, dice))
        }
        1 => format!("length({})", part(Kind::Texts, depth, dice)),
        2 => format!("length({})", part(Kind::Text, depth, dice)),
        3 => format!(
            "{}({}, {})",
            dice.pick(&["min", "max"]),
            part(Kind::Number, depth, dice),
            part(Kind::Number, depth, dice)
        ),
        4 => format!(
            "{}({})",
            dice.pick(&["abs", "floor", "ceil", "signum", "-"]),
            part(Kind::Number, depth, dice)
        ),
        _ => format!("try(tonumber({}), {})", part(Kind::Text, depth, dice), part(Kind::Number, depth, dice)),
    }
}

fn truth(depth: usize, dice: &mut Dice) -> String {
    match dice.roll(6) {
        0 => {
            let operator = dice.pick(&["<", "<=", ">", ">=", "==", "!="]);
            format!("({} {operator} {})", part(Kind::Number, depth, dice), part(Kind::Number, depth, dice))
        }
        1 => {
            let operator = dice.pick(&["&&", "||"]);
            format!("({} {operator} {})", part(Kind::Truth, depth, dice), part(Kind::Truth, depth, dice))
        }
        2 => format!("(!{})", part(Kind::Truth, depth, dice)),
        3 => {
            let kind = KINDS[dice.roll(KINDS.len())];
            format!("({} == {})", part(kind, depth, dice), part(kind, depth, dice))
        }
        4 => format!("contains({}, {})", part(Kind::Texts, depth, dice), part(Kind::Text, depth, dice)),
        _ => format!("can({}.a)", part(Kind::Object, depth, dice)),
    }
}

fn texts(depth: usize, dice: &mut Dice) -> String {
    match dice.roll(9) {
        0 => format!("[{}, {}]", part(Kind::Text, depth, dice), part(Kind::Text, depth, dice)),
        1 => format!("[for it in {} : \"${{it}}!\"]", part(Kind::Texts, depth, dice)),
        2 => format!("[for it in {} : it if it != \"a\"]", part(Kind::Texts, depth, dice)),
        3 => format!("concat({}, {})", part(Kind::Texts, depth, dice), part(Kind::Texts, depth, dice)),
        4 => format!(
            "{}({})",
            dice.pick(&["sort", "distinct", "compact", "reverse", "toset", "tolist", "flatten"]),
            part(Kind::Texts, depth, dice)
        ),
        5 => format!("split(\",\", {})", part(Kind::Text, depth, dice)),
        6 => format!("keys({})", part(Kind::Object, depth, dice)),
        7 => format!(
            "{}({}, {})",
            dice.pick(&["setunion", "setintersection", "setsubtract"]),
            part(Kind::Texts, depth, dice),
            part(Kind::Texts, depth, dice)
        ),
        _ => format!("values({})", part(Kind::Object, depth, dice)),
    }
}

fn object(depth: usize, dice: &mut Dice) -> String {
    match dice.roll(5) {
        0 => format!(
            "{{ a = {}, (\"k${{{}}}\") = {} }}",
            part(Kind::Text, depth, dice),
            part(Kind::Number, depth, dice),
            part(Kind::Texts, depth, dice)
        ),
        1 => format!("merge({}, {})", part(Kind::Object, depth, dice), part(Kind::Object, depth, dice)),
        2 => format!("{{ for place, it in {} : \"k${{place}}\" => it }}", part(Kind::Texts, depth, dice)),
        3 => format!("zipmap({0}, {0})", part(Kind::Texts, depth, dice)),
        _ => format!("{{ for it in {} : \"${{it}}\" => length(it)... }}", part(Kind::Texts, depth, dice)),
    }
}
