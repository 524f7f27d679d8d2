//! Random schemas, configurations and states: no plan breaks a rule of Terraform's.

use std::sync::Arc;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::*;
use crate::schema::rules;
use crate::{Condition, Number, form};

const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

/// What attributes inside sets may not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inside {
    Set,
    Elsewhere,
}

fn any_schema() -> impl Strategy<Value = Schema> {
    (attributes(Inside::Elsewhere, 2), blocks(2)).prop_map(|(attributes, blocks)| Schema {
        version: 0,
        block: Block { doc: "A thing.".to_owned(), attributes, blocks, ..Block::default() },
    })
}

/// Blocks, so many levels deep.
fn blocks(depth: u32) -> BoxedStrategy<Vec<NestedBlock>> {
    if depth == 0 {
        return Just(Vec::new()).boxed();
    }
    vec(any_block(depth), 0..3)
        .prop_map(|mut blocks| {
            for (block, name) in blocks.iter_mut().zip(["x", "y", "z"]) {
                block.name = name.to_owned();
            }
            blocks
        })
        .boxed()
}

fn any_block(depth: u32) -> impl Strategy<Value = NestedBlock> {
    let nesting = prop_oneof![
        Just(Nesting::Single),
        Just(Nesting::Group),
        Just(Nesting::List),
        Just(Nesting::Set),
        Just(Nesting::Map)
    ];
    // Sets and what is inside them may not hold dynamic values; lists and maps of blocks become dynamic with them.
    (nesting, attributes(Inside::Set, 1), blocks(depth - 1)).prop_map(|(nesting, attributes, blocks)| {
        NestedBlock {
            name: String::new(),
            block: Block { doc: "A part.".to_owned(), attributes, blocks, ..Block::default() },
            nesting,
            items_min: 0,
            items_max: 0,
        }
    })
}

fn attributes(inside: Inside, depth: u32) -> BoxedStrategy<Vec<Attribute>> {
    vec(any_attribute(inside, depth), 1..5)
        .prop_map(|mut attributes| {
            for (attribute, name) in attributes.iter_mut().zip(NAMES) {
                attribute.name = name.to_owned();
            }
            attributes
        })
        .boxed()
}

fn any_attribute(inside: Inside, depth: u32) -> BoxedStrategy<Attribute> {
    let plain = any_type(inside).prop_flat_map(move |ty| plain_attribute(ty, inside));
    if depth == 0 {
        return plain.boxed();
    }
    let nesting =
        prop_oneof![Just(Nesting::Single), Just(Nesting::List), Just(Nesting::Set), Just(Nesting::Map)];
    let nested = nesting.prop_flat_map(move |nesting| {
        let inside = if nesting == Nesting::Set { Inside::Set } else { inside };
        (any_mode(), attributes(inside, depth - 1), any::<bool>()).prop_map(
            move |(mode, attributes, replaces)| {
                let mut it = nested("", mode, nesting, attributes);
                it.doc = "A part.".to_owned();
                if replaces && !mode.on_wire().computed {
                    it.behavior.replaces = Replace::Always;
                }
                it
            },
        )
    });
    prop_oneof![2 => plain, 1 => nested].boxed()
}

fn any_type(inside: Inside) -> BoxedStrategy<Type> {
    // Of bools there are too few: two elements that leave one open would often come out equal, and a configuration that
    // wants both could never be satisfied.
    let scalar = prop_oneof![Just(Type::Number), Just(Type::String)];
    let common = prop_oneof![
        2 => scalar.clone(),
        1 => scalar.clone().prop_map(|it| Type::List(Box::new(it))),
        1 => scalar.clone().prop_map(|it| Type::Set(Box::new(it))),
        1 => scalar.prop_map(|it| Type::Map(Box::new(it))),
    ];
    match inside {
        Inside::Set => common.boxed(),
        Inside::Elsewhere => {
            prop_oneof![6 => common, 1 => Just(Type::Bool), 1 => Just(Type::Dynamic)].boxed()
        }
    }
}

fn any_mode() -> impl Strategy<Value = Mode> {
    prop_oneof![
        Just(Mode::Required),
        Just(Mode::Optional),
        Just(Mode::Computed),
        Just(Mode::OptionalComputed)
    ]
}

fn plain_attribute(ty: Type, inside: Inside) -> impl Strategy<Value = Attribute> {
    let default = proptest::option::of(any_value(&ty));
    (any_mode(), default, any_replace(inside), any::<[bool; 3]>()).prop_map(
        move |(mode, default, replaces, [stable, write_only, formed])| {
            let computed = mode.on_wire().computed;
            let write_only = write_only && !computed && inside == Inside::Elsewhere;
            let default = default.filter(|it| {
                mode == Mode::Optional && !write_only && inside == Inside::Elsewhere && !it.is_null()
            });
            let fixed = !write_only && mode != Mode::Computed && (inside == Inside::Elsewhere || !computed);
            let formed = formed && !write_only && ty == Type::String;
            let mut it = attribute("", mode);
            it.doc = "A value.".to_owned();
            it.ty = AttributeType::Plain(ty.clone());
            it.write_only = write_only;
            it.behavior = Behavior {
                mode,
                default,
                replaces: if fixed { replaces } else { Replace::Never },
                stable: stable && computed,
                form: formed.then(form::letter_case),
                ..Behavior::default()
            };
            it
        },
    )
}

fn any_replace(inside: Inside) -> BoxedStrategy<Replace> {
    let grows = Condition {
        words: "it grows".to_owned(),
        test: Arc::new(|prior: &Value, planned: &Value| prior < planned),
    };
    match inside {
        Inside::Set => prop_oneof![Just(Replace::Never), Just(Replace::Always)].boxed(),
        Inside::Elsewhere => {
            prop_oneof![Just(Replace::Never), Just(Replace::Always), Just(Replace::When(grows))].boxed()
        }
    }
}

/// Few values, so that chance makes some equal.
fn any_value(ty: &Type) -> BoxedStrategy<Value> {
    match ty {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Number => (0_i64..3).prop_map(|it| Value::Number(Number::from(it))).boxed(),
        Type::List(ty) => vec(any_value(ty), 0..3).prop_map(Value::List).boxed(),
        Type::Set(ty) => vec(any_value(ty), 0..3).prop_map(Value::set).boxed(),
        Type::Map(ty) => btree_map("[k-m]", any_value(ty), 0..3).prop_map(Value::Map).boxed(),
        Type::Dynamic => prop_oneof![Just(Type::String), Just(Type::Bool)]
            .prop_flat_map(|ty| (Just(ty.clone()), any_value(&ty)))
            .prop_map(|it| Value::Dynamic(Box::new(it)))
            .boxed(),
        _ => "[a-cAB]".prop_map(Value::string).boxed(),
    }
}

/// A wholly known configuration.
fn any_config(block: &Block) -> BoxedStrategy<Object> {
    let attributes: Vec<_> =
        block.attributes.iter().map(|it| (Just(it.name.clone()), any_configured(it))).collect();
    let blocks: Vec<_> =
        block.blocks.iter().map(|it| (Just(it.name.clone()), any_configured_block(it))).collect();
    (attributes, blocks)
        .prop_map(|(attributes, blocks)| attributes.into_iter().chain(blocks).collect())
        .boxed()
}

fn any_configured(attribute: &Attribute) -> BoxedStrategy<Value> {
    let value = match &attribute.ty {
        AttributeType::Plain(ty) => any_value(ty),
        AttributeType::Nested { nesting, attributes } => {
            let block = Block { attributes: attributes.clone(), ..Block::default() };
            any_elements(any_config(&block).prop_map(Value::Map).boxed(), *nesting)
        }
    };
    match attribute.behavior.mode {
        Mode::Computed => Just(Value::Null).boxed(),
        Mode::Required => value.prop_filter("required", |it| !it.is_null()).boxed(),
        _ => prop_oneof![Just(Value::Null), value].boxed(),
    }
}

fn any_configured_block(block: &NestedBlock) -> BoxedStrategy<Value> {
    let object = any_config(&block.block).prop_map(Value::Map).boxed();
    match block.nesting {
        Nesting::Single => prop_oneof![Just(Value::Null), object].boxed(),
        nesting => any_elements(object, nesting),
    }
}

fn any_elements(element: BoxedStrategy<Value>, nesting: Nesting) -> BoxedStrategy<Value> {
    match nesting {
        Nesting::Single | Nesting::Group => element,
        Nesting::List => vec(element, 0..3).prop_map(Value::List).boxed(),
        Nesting::Set => vec(element, 0..3).prop_map(Value::set).boxed(),
        Nesting::Map => btree_map("[k-m]", element, 0..3).prop_map(Value::Map).boxed(),
    }
}

/// Hides configured values, as if they came from something that does not exist yet.
struct Veil<'a> {
    mask: std::iter::Cycle<std::slice::Iter<'a, bool>>,
}

impl Veil<'_> {
    fn hides(&mut self) -> bool {
        self.mask.next() == Some(&true)
    }

    fn block(&mut self, block: &Block, config: &Object) -> Object {
        let mut veiled = Object::new();
        for attribute in &block.attributes {
            veiled.insert(attribute.name.clone(), self.attribute(attribute, &config[&attribute.name]));
        }
        for NestedBlock { name, block, nesting, .. } in &block.blocks {
            let many = !matches!(nesting, Nesting::Single | Nesting::Group);
            let hidden = many && self.hides();
            let value = if hidden { Value::unknown() } else { self.nested(*nesting, &config[name], block) };
            veiled.insert(name.clone(), value);
        }
        veiled
    }

    fn attribute(&mut self, attribute: &Attribute, config: &Value) -> Value {
        if attribute.behavior.mode == Mode::Computed {
            return Value::Null;
        }
        if self.hides() {
            return Value::unknown();
        }
        match &attribute.ty {
            AttributeType::Plain(_) => config.clone(),
            AttributeType::Nested { nesting, attributes } => {
                self.nested(*nesting, config, &Block { attributes: attributes.clone(), ..Block::default() })
            }
        }
    }

    fn nested(&mut self, nesting: Nesting, config: &Value, block: &Block) -> Value {
        match (nesting, config) {
            (Nesting::Map, Value::Map(members)) => Value::Map(
                members
                    .iter()
                    .map(|(key, it)| (key.clone(), self.nested(Nesting::Single, it, block)))
                    .collect(),
            ),
            (_, Value::Map(members)) => Value::Map(self.block(block, members)),
            (_, Value::List(items)) => {
                Value::List(items.iter().map(|it| self.nested(Nesting::Single, it, block)).collect())
            }
            (_, Value::Set(items)) => {
                Value::set(items.iter().map(|it| self.nested(Nesting::Single, it, block)).collect())
            }
            (_, other) => other.clone(),
        }
    }
}

/// Plans as Terraform asks for it, and checks that Terraform would accept it.
fn planned(schema: &Schema, prior: Option<&Object>, config: &Object) -> Result<Plan, TestCaseError> {
    let proposed = world::proposed(schema, prior, config);
    let ask = Ask { prior, config, proposed: &proposed };
    let plan = plan(schema, ask);
    prop_assert_eq!(verify_plan(schema, ask, &plan), []);
    Ok(plan)
}

fn case() -> impl Strategy<Value = (Schema, Object, Object, Vec<bool>)> {
    let mask = vec(prop::bool::weighted(0.2), 1..20);
    any_schema().prop_flat_map(move |schema| {
        let config = any_config(&schema.block);
        (Just(schema), config.clone(), config, mask.clone())
    })
}

proptest! {
    #[test]
    fn a_life_of_plans_breaks_no_rule((schema, first, second, mask) in case()) {
        prop_assert_eq!(rules::resource(&schema), []);

        let created = planned(&schema, None, &first)?;
        prop_assert_eq!(&created.requires_replace, &[]);
        let state = world::apply(&schema, &created.planned);
        prop_assert_eq!(verify_apply(&schema, &created.planned, &state), []);

        let again = planned(&schema, Some(&state), &first)?;
        prop_assert_eq!(&again.planned, &state, "the second plan is not empty");
        prop_assert_eq!(&again.requires_replace, &[]);

        let veiled = Veil { mask: mask.iter().cycle() }.block(&schema.block, &second);
        let early = planned(&schema, Some(&state), &veiled)?;
        let late = planned(&schema, Some(&state), &second)?;
        let mut broken = verify_apply(&schema, &early.planned, &late.planned);
        broken.retain(|it| it.rule != Rule::WhollyKnown);
        prop_assert_eq!(broken, [], "the final plan is not what was planned");
        for path in &late.requires_replace {
            let foreseen = early.requires_replace.iter().any(|it| path.0.starts_with(&it.0));
            prop_assert!(foreseen, "the final plan replaces because of {}", path);
        }

        let changed = world::apply(&schema, &late.planned);
        prop_assert_eq!(verify_apply(&schema, &late.planned, &changed), []);
        prop_assert_eq!(planned(&schema, Some(&changed), &second)?.planned, changed, "the plan does not converge");
    }
}
