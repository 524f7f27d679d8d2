//! Blocks whose attributes the provider decides, in every nesting: what was written stays, what is stable stays, what may
//! change is left open where anything changes, and what is new is left open altogether.

use super::*;

/// One attribute of each kind that a provider has a say in.
fn inside() -> Vec<Attribute> {
    vec![
        attribute("what", Mode::Required),
        attribute("color", Mode::OptionalComputed),
        stable("mark"),
        attribute("outcome", Mode::Computed),
    ]
}

fn block(name: &str, nesting: Nesting) -> NestedBlock {
    let inner = NestedBlock {
        name: "inner".to_owned(),
        block: Block { attributes: inside(), ..Block::default() },
        nesting: Nesting::List,
        items_min: 0,
        items_max: 0,
    };
    let block = Block { attributes: inside(), blocks: vec![inner], ..Block::default() };
    NestedBlock { name: name.to_owned(), block, nesting, items_min: 0, items_max: 0 }
}

/// A resource with a block of this nesting, and an attribute outside of it.
fn with(nesting: Nesting) -> Schema {
    let attributes = vec![attribute("note", Mode::Optional)];
    Schema { version: 0, block: Block { attributes, blocks: vec![block("b", nesting)], ..Block::default() } }
}

fn values(what: &str, [color, mark, outcome]: [Value; 3], inner: Value) -> Value {
    map([("what", text(what)), ("color", color), ("mark", mark), ("outcome", outcome), ("inner", inner)])
}

/// A part of a block, which holds one part of its own.
fn part(what: &str, decided: [Value; 3]) -> Value {
    let mut inner = values(what, decided.clone(), NULL);
    if let Value::Map(members) = &mut inner {
        members.remove("inner");
    }
    values(what, decided, Value::List(vec![inner]))
}

/// As the user writes it.
fn written(what: &str) -> Value {
    part(what, [NULL, NULL, NULL])
}

/// As it was applied.
fn settled(what: &str) -> Value {
    part(what, [text("red"), text(what), text("done")])
}

/// As it is planned when it is new.
fn fresh(what: &str) -> Value {
    part(what, [unknown(), unknown(), unknown()])
}

/// As it is planned when it was there and something changes: `mark` is stable.
fn moved(what: &str, mark: &str) -> Value {
    part(what, [unknown(), text(mark), unknown()])
}

/// Both sides of the story for one nesting: the value of the block with these parts.
fn of(nesting: Nesting, parts: &[(&str, Value)]) -> Value {
    let parts = parts.iter().map(|(key, it)| ((*key).to_owned(), it.clone()));
    match nesting {
        Nesting::Single | Nesting::Group => parts.map(|it| it.1).next().unwrap_or(NULL),
        Nesting::List => Value::List(parts.map(|it| it.1).collect()),
        Nesting::Set => Value::set(parts.map(|it| it.1).collect()),
        Nesting::Map => Value::Map(parts.collect()),
    }
}

fn whole(note: &str, block: Value) -> Object {
    object([("note", text(note)), ("b", block)])
}

const EVERY: [Nesting; 5] = [Nesting::Single, Nesting::Group, Nesting::List, Nesting::Set, Nesting::Map];

const MANY: [Nesting; 3] = [Nesting::List, Nesting::Set, Nesting::Map];

#[test]
fn a_new_block_leaves_open_what_the_provider_decides() {
    for nesting in EVERY {
        let (config, planned) = (of(nesting, &[("k", written("a"))]), of(nesting, &[("k", fresh("a"))]));
        check(&with(nesting), None, &whole("n", config), &whole("n", planned), &[]);
    }
}

#[test]
fn an_unchanged_block_is_planned_exactly_as_before() {
    for nesting in EVERY {
        let (config, prior) = (of(nesting, &[("k", written("a"))]), of(nesting, &[("k", settled("a"))]));
        let prior = whole("n", prior);
        check(&with(nesting), Some(&prior), &whole("n", config), &prior, &[]);
    }
}

#[test]
fn a_change_elsewhere_leaves_open_what_may_change_and_keeps_what_is_stable() {
    for nesting in EVERY {
        let (config, prior) = (of(nesting, &[("k", written("a"))]), of(nesting, &[("k", settled("a"))]));
        let planned = whole("m", of(nesting, &[("k", moved("a", "a"))]));
        check(&with(nesting), Some(&whole("n", prior)), &whole("m", config), &planned, &[]);
    }
}

#[test]
fn a_change_of_a_block_keeps_what_is_stable_unless_nobody_can_tell_which_it_was() {
    for nesting in EVERY {
        let (config, prior) = (of(nesting, &[("k", written("z"))]), of(nesting, &[("k", settled("a"))]));
        // An element of a set has no name but what it says.
        let planned = if nesting == Nesting::Set { fresh("z") } else { moved("z", "a") };
        let planned = whole("n", of(nesting, &[("k", planned)]));
        check(&with(nesting), Some(&whole("n", prior)), &whole("n", config), &planned, &[]);
    }
}

#[test]
fn a_block_that_is_added_is_new_and_the_others_are_not() {
    for nesting in MANY {
        let config = of(nesting, &[("k", written("a")), ("l", written("b"))]);
        let prior = whole("n", of(nesting, &[("k", settled("a"))]));
        let planned = whole("n", of(nesting, &[("k", moved("a", "a")), ("l", fresh("b"))]));
        check(&with(nesting), Some(&prior), &whole("n", config), &planned, &[]);
    }
}

#[test]
fn blocks_that_are_removed_leave_nothing() {
    for nesting in MANY {
        let prior = whole("n", of(nesting, &[("k", settled("a")), ("l", settled("b"))]));
        let config = of(nesting, &[("k", written("a"))]);
        let planned = whole("n", of(nesting, &[("k", moved("a", "a"))]));
        check(&with(nesting), Some(&prior), &whole("n", config), &planned, &[]);
        check(
            &with(nesting),
            Some(&prior),
            &whole("n", of(nesting, &[])),
            &whole("n", of(nesting, &[])),
            &[],
        );
    }
    let prior = whole("n", settled("a"));
    check(&with(Nesting::Single), Some(&prior), &whole("n", NULL), &whole("n", NULL), &[]);
}

#[test]
fn what_the_user_decides_inside_a_block_is_planned_as_written() {
    for nesting in EVERY {
        let colored = |color: &str, mark: Value, outcome: Value| part("a", [text(color), mark, outcome]);
        let config = whole("n", of(nesting, &[("k", colored("blue", NULL, NULL))]));
        let planned = colored("blue", unknown(), unknown());
        check(&with(nesting), None, &config, &whole("n", of(nesting, &[("k", planned)])), &[]);
        let prior = whole("n", of(nesting, &[("k", settled("a"))]));
        let mark = if nesting == Nesting::Set { unknown() } else { text("a") };
        let planned = colored("blue", mark, unknown());
        check(&with(nesting), Some(&prior), &config, &whole("n", of(nesting, &[("k", planned)])), &[]);
        // The choice of the provider, written down by the user, is no change.
        let same = whole("n", of(nesting, &[("k", colored("red", NULL, NULL))]));
        check(&with(nesting), Some(&prior), &same, &prior, &[]);
    }
}

#[test]
fn blocks_that_nobody_can_count_yet_are_unknown_as_a_whole() {
    for nesting in MANY {
        let prior = whole("n", of(nesting, &[("k", settled("a"))]));
        let open = whole("n", unknown());
        check(&with(nesting), Some(&prior), &open, &open, &[]);
        check(&with(nesting), None, &open, &open, &[]);
    }
}

#[test]
fn a_value_inside_a_block_that_is_not_known_yet_stays_unknown() {
    let open = |decided: [Value; 3]| {
        let mut it = part("a", decided);
        if let Value::Map(members) = &mut it {
            members.insert("what".to_owned(), unknown());
        }
        it
    };
    for nesting in EVERY {
        let config = whole("n", of(nesting, &[("k", open([NULL, NULL, NULL]))]));
        let prior = whole("n", of(nesting, &[("k", settled("a"))]));
        // Of the part inside everything is known, and so it is the one that was there.
        let planned = match nesting {
            Nesting::Set => open([unknown(), unknown(), unknown()]),
            _ => open([unknown(), text("a"), unknown()]),
        };
        check(&with(nesting), Some(&prior), &config, &whole("n", of(nesting, &[("k", planned)])), &[]);
    }
}
