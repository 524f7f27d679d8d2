//! A patch makes the file declare what is live, and moves nothing else.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::report::{Class, Difference, Place, Remedy, Severity, sample};

const FILE: &str = "infra/main.tf";
const ADDRESS: &str = "servicenow_http_connection.orders";

fn finding(address: &str, differences: Vec<Difference>) -> Finding {
    Finding {
        fingerprint: format!("{address} {:?}", differences.first().map(|it| &it.attribute)),
        class: Class::Changed,
        severity: Severity::Warning,
        summary: String::new(),
        address: Some(address.to_owned()),
        type_name: "servicenow_http_connection".to_owned(),
        record: None,
        place: Some(Place { file: FILE.to_owned(), line: 1 }),
        differences,
        change: None,
        remedy: Remedy::default(),
    }
}

fn adopted(text: &str, findings: &[Finding], addresses: &Addresses) -> (String, Vec<String>) {
    let files = Files::from([(FILE.to_owned(), text.to_owned())]);
    let adoption = adopt(&files, findings, addresses);
    let after = adoption.patches.first().map_or(text.to_owned(), |it| it.after.clone());
    (after, adoption.by_hand.into_values().flatten().collect())
}

fn in_block(body: &str) -> String {
    format!(
        "# Orders.\nresource \"servicenow_http_connection\" \"orders\" {{\n{body}}}\n\nlocals {{\n  a = 1\n}}\n"
    )
}

/// The body of the block after one difference was adopted.
#[track_caller]
fn check(body: &str, attribute: &str, declared: Json, live: Json, expected: &str) {
    let differences = vec![Difference::shown(attribute, declared, live)];
    let (after, by_hand) = adopted(&in_block(body), &[finding(ADDRESS, differences)], &Addresses::new());
    assert_eq!(by_hand, Vec::<String>::new());
    assert_eq!(after, in_block(expected));
}

/// What is told instead of a patch; the file stays as it is.
#[track_caller]
fn by_hand(body: &str, attribute: &str, declared: Json, live: Json, expected: &str) {
    let differences = vec![Difference::shown(attribute, declared, live)];
    let (after, by_hand) = adopted(&in_block(body), &[finding(ADDRESS, differences)], &Addresses::new());
    assert_eq!(after, in_block(body));
    assert!(by_hand.len() == 1 && by_hand[0].contains(expected), "{by_hand:?}");
}

#[test]
fn a_plain_value_is_replaced_where_it_stands() {
    check("  a = 30 # seconds\n", "a", json!(30), json!(5), "  a = 5 # seconds\n");
    check(
        "  a    = \"x\"\n  bcde = 1\n",
        "a",
        json!("x"),
        json!("y\"${z}"),
        "  a    = \"y\\\"$${z}\"\n  bcde = 1\n",
    );
    check("  a = (true) // why\n", "a", json!(true), json!(false), "  a = (false) // why\n");
    check("  a = \"30\"\n", "a", json!(30), json!(31), "  a = 31\n");
    check("  a = -1\n", "a", json!(-1), json!(2.5), "  a = 2.5\n");
    check("  a = null\n", "a", json!(null), json!("x"), "  a = \"x\"\n");
}

#[test]
fn a_text_of_several_lines_stays_one() {
    let before = "  a = <<-EOT\n    one\n    two\n  EOT\n  b = 1\n";
    check(before, "a", json!("one\ntwo\n"), json!("one\n2\n"), "  a = <<EOT\none\n2\nEOT\n  b = 1\n");
    check(before, "a", json!("one\ntwo\n"), json!("short"), "  a = \"short\"\n  b = 1\n");
}

#[test]
fn what_is_to_be_unset_is_removed_with_its_line() {
    check("  # about a\n  a = 1 # one\n  b = 2\n", "a", json!(1), json!(null), "  # about a\n  b = 2\n");
    check("  a = [\n    1,\n  ]\n  b = 2\n", "a", json!([1]), json!(null), "  b = 2\n");
}

#[test]
fn what_is_not_written_is_added_below_the_rest() {
    check(
        "  ab = 1 # one\n\n  lifecycle {}\n",
        "c",
        json!(null),
        json!(true),
        "  ab = 1 # one\n  c  = true\n\n  lifecycle {}\n",
    );
    check("  a   = 1\n", "abcdef", json!(7), json!("x"), "  a   = 1\n  abcdef = \"x\"\n");
    check("\ta = 1\n", "b", json!(null), json!([1, 2]), "\ta = 1\n\tb = [1, 2]\n");
}

#[test]
fn members_and_entries_are_changed_one_by_one() {
    let body = "  m = {\n    # first\n    a   = 1 # one\n    \"b\" = { c = \"x\", d = 2 }\n  }\n";
    check(body, "m[\"a\"]", json!(1), json!(9), &body.replace("= 1 #", "= 9 #"));
    check(body, "m[\"b\"].c", json!("x"), json!("y"), &body.replace("\"x\"", "\"y\""));
    check(body, "m.b.d", json!(2), json!(null), &body.replace(", d = 2", ""));
    check(body, "m.b.c", json!("x"), json!(null), &body.replace("c = \"x\", ", ""));
    check(body, "m.b.e", json!(null), json!(true), &body.replace("d = 2", "d = 2, e = true"));
    check(body, "m[\"a\"]", json!(1), json!(null), &body.replace("    a   = 1 # one\n", ""));
    let added = body.replace("d = 2 }\n", "d = 2 }\n    \"x y\" = {\n      f = \"g\"\n    }\n");
    check(body, "m[\"x y\"]", json!(null), json!({ "f": "g", "h": null }), &added);
    let whole = json!({ "a": 1, "b": { "c": "x", "d": 2 } });
    let other = json!({ "a": 1, "b": { "c": "z", "d": 2 } });
    check(body, "m", whole, other, &body.replace("\"x\"", "\"z\""));
    check("  m = {}\n", "m.a", json!(null), json!(1), "  m = { a = 1 }\n");
    check(
        "  m = {\n    a = 1,\n  }\n",
        "m.b",
        json!(null),
        json!(2),
        "  m = {\n    a = 1,\n    b = 2,\n  }\n",
    );
}

#[test]
fn lists_keep_what_stays() {
    check("  l = [1, 2, 3]\n", "l", json!([1, 2, 3]), json!([1, 5, 3]), "  l = [1, 5, 3]\n");
    check(
        "  l = [\n    1, # one\n    2,\n  ]\n",
        "l",
        json!([1, 2]),
        json!([1, 5]),
        "  l = [\n    1, # one\n    5,\n  ]\n",
    );
    check("  l = [1, 2]\n", "l", json!([1, 2]), json!([1]), "  l = [1]\n");
    // A set was compared in another order than it is written.
    check(
        "  l = [\"z\", \"a\"]\n",
        "l",
        json!(["a", "z"]),
        json!(["a", "b", "z"]),
        "  l = [\"z\", \"a\", \"b\"]\n",
    );
    by_hand("  l = [\n    1, # one\n  ]\n", "l", json!([1]), json!([]), "has comments");
}

#[test]
fn what_comes_from_elsewhere_is_told_and_never_changed() {
    by_hand(
        "  a = var.hosts\n",
        "a",
        json!("x"),
        json!("y"),
        "comes from `var.hosts`: change the value that the variable",
    );
    by_hand("  a = var.hosts[0].b\n", "a", json!("x"), json!("y"), "comes from `var.hosts`");
    by_hand(
        "  a = local.b.c\n",
        "a",
        json!("x"),
        json!("y"),
        "comes from `local.b`: change it in its `locals` block",
    );
    by_hand("  a = upper(\"x\")\n", "a", json!("X"), json!("y"), "computed by the function `upper`");
    by_hand("  a = \"${var.b}x\"\n", "a", json!("x"), json!("y"), "computed by an expression");
    by_hand("  a = true ? 1 : 2\n", "a", json!(1), json!(3), "computed by an expression");
    by_hand("  a = var.b\n", "a", json!(1), json!(null), "comes from `var.b`");
    by_hand("  a = { b = var.c, d = 1 }\n", "a.b", json!("x"), json!("y"), "comes from `var.c`");
    by_hand("  a = servicenow_x.y.id\n", "a", json!("x"), json!("y"), "comes from `servicenow_x.y.id`");
    by_hand("  a = 1\n", "a", json!(2), json!(3), "says something else in the file");
    by_hand("  a = 1\n  count = 2\n", "a", json!(1), json!(3), "stands for several resources");
    by_hand("  a = 1\n", "b.c", json!(1), json!(3), "is not written in the block");
}

#[test]
fn a_computed_part_stays_where_another_part_differs() {
    let body = "  l = [var.a, \"b\"]\n  m = { a = var.a, b = 1 }\n";
    check(body, "l", json!(["x", "b"]), json!(["x", "c"]), &body.replace("\"b\"", "\"c\""));
    check(
        body,
        "m",
        json!({ "a": "x", "b": 1 }),
        json!({ "a": "x", "b": 2 }),
        &body.replace("b = 1", "b = 2"),
    );
}

#[test]
fn what_is_not_in_the_root_module_is_told() {
    for (address, expected) in [
        ("module.m.servicenow_http_connection.orders", "declared in a module"),
        ("servicenow_http_connection.orders[\"a\"]", "stands for several resources"),
        ("servicenow_http_connection.gone", "is not in this file any more"),
    ] {
        let found = finding(address, vec![Difference::shown("a", json!(1), json!(2))]);
        let text = in_block("  a = 1\n");
        let (after, by_hand) = adopted(&text, &[found], &Addresses::new());
        assert_eq!(after, text);
        assert!(by_hand[0].contains(expected), "{by_hand:?}");
    }
}

#[test]
fn a_reference_becomes_a_reference_to_what_is_live() {
    let addresses = Addresses::from([("ab12".to_owned(), "servicenow_http_connection.blue".to_owned())]);
    let text = in_block(
        "  # until the certificate is renewed\n  connection_id = servicenow_http_connection.green.id\n",
    );
    let found = finding(ADDRESS, vec![Difference::shown("connection_id", json!("cd34"), json!("ab12"))]);
    let (after, by_hand) = adopted(&text, &[found], &addresses);
    assert_eq!(by_hand, Vec::<String>::new());
    assert_eq!(after, text.replace("green", "blue"));
    let unknown = finding(ADDRESS, vec![Difference::shown("connection_id", json!("cd34"), json!("ef56"))]);
    let (after, by_hand) = adopted(&text, &[unknown], &addresses);
    assert_eq!(after, text);
    assert!(by_hand[0].contains("comes from `servicenow_http_connection.green.id`"));
    assert_eq!(
        super::addresses(&sample::everything().instances[0])[&format!("{:032x}", 0x21)],
        "servicenow_http_connection.orders_blue"
    );
}

#[test]
fn a_secret_is_never_written() {
    let text = in_block("  password_wo = \"old\"\n  a = 1\n");
    let differences = vec![Difference::hidden("password_wo"), Difference::shown("a", json!(1), json!(2))];
    let (after, by_hand) = adopted(&text, &[finding(ADDRESS, differences)], &Addresses::new());
    assert_eq!(
        after,
        text.replace("a = 1", "a = 2").replacen(
            "  a = 2\n}\n\nlocals {\n  a = 2",
            "  a = 2\n}\n\nlocals {\n  a = 1",
            1
        )
    );
    assert_eq!(by_hand, ["`password_wo` is not shown: put the new value where the secret comes from."]);
}

#[test]
fn each_finding_has_its_own_patch_with_the_lines_of_the_file() {
    let text = format!("# one\n# two\n# three\n# four\n# five\n{}", in_block("  a = 1\n  b = 2\n"));
    let files = Files::from([(FILE.to_owned(), text)]);
    let mut findings = [finding(ADDRESS, vec![Difference::shown("a", json!(1), json!(7))])];
    findings[0].remedy.by_hand = Some("First.".to_owned());
    fill(&files, &mut findings, &Addresses::new());
    let expected = "--- infra/main.tf\n+++ infra/main.tf\n@@ -5,7 +5,7 @@\n # five\n # Orders.\n resource \"servicenow_http_connection\" \"orders\" {\n-  a = 1\n+  a = 7\n   b = 2\n }\n \n";
    assert_eq!(findings[0].remedy.adopt.as_deref(), Some(expected));
    assert_eq!(findings[0].remedy.by_hand.as_deref(), Some("First."));
}

#[test]
fn windows_line_ends_stay() {
    let text = in_block("  a = 1\n").replace('\n', "\r\n");
    let found = finding(ADDRESS, vec![Difference::shown("b", json!(null), json!({ "c": 1 }))]);
    let (after, by_hand) = adopted(&text, &[found], &Addresses::new());
    assert_eq!(by_hand, Vec::<String>::new());
    assert_eq!(after, in_block("  a = 1\n  b = {\n    c = 1\n  }\n").replace('\n', "\r\n"));
}

#[test]
fn two_findings_about_one_attribute_are_one_edit_or_a_word() {
    let text = in_block("  a = 1\n");
    let same = |to: i32, name: &str| {
        let mut it = finding(ADDRESS, vec![Difference::shown("a", json!(1), json!(to))]);
        it.fingerprint = name.to_owned();
        it
    };
    let (after, by_hand) = adopted(&text, &[same(2, "x"), same(2, "y")], &Addresses::new());
    assert_eq!((after, by_hand.len()), (text.replacen("a = 1", "a = 2", 1), 0));
    let (after, by_hand) = adopted(&text, &[same(2, "x"), same(3, "y")], &Addresses::new());
    assert_eq!(after, text.replacen("a = 1", "a = 2", 1));
    assert!(by_hand[0].contains("Another finding"));
}

/// A value that HCL can hold.
fn values() -> impl Strategy<Value = Json> {
    let text = prop_oneof![
        "[a-z]{0,6}".prop_map(Json::String),
        any::<String>().prop_map(Json::String),
        prop::sample::select(vec![
            "${x}", "%{if}", "$${", "\"\\", "a\nb\n", "a\nb", "<<EOT", "# x", "\u{202e}"
        ])
        .prop_map(|it| json!(it)),
    ];
    let scalar = prop_oneof![text, any::<bool>().prop_map(Json::Bool), any::<i32>().prop_map(|it| json!(it))];
    scalar.prop_recursive(2, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::Array),
            prop::collection::btree_map("[a-z][a-z ]{0,3}", inner, 0..4)
                .prop_map(|it| Json::Object(it.into_iter().collect())),
        ]
    })
}

fn written_body(attributes: &[(String, Json)]) -> String {
    let line = |(name, value): &(String, Json)| {
        format!("  # about {name}\n  {name} = {}\n", literal::written(value, 1).unwrap())
    };
    attributes.iter().map(line).collect()
}

fn evaluated(text: &str) -> BTreeMap<String, Option<Json>> {
    let body = hcl_edit::parser::parse_body(text).unwrap();
    let block = body.blocks().next().unwrap();
    block.body.attributes().map(|it| (it.key.as_str().to_owned(), literal::value(&it.value))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn after_the_patch_the_file_evaluates_to_what_is_live_and_all_else_is_as_it_was(
        pairs in prop::collection::vec((values(), prop::option::of(values()), 0..3_u8), 1..6),
    ) {
        let named: Vec<_> = pairs.iter().enumerate().map(|(place, it)| (format!("a{place}"), it)).collect();
        let before: Vec<(String, Json)> = named.iter().map(|(name, it)| (name.clone(), it.0.clone())).collect();
        let text = in_block(&written_body(&before));
        // A third of the attributes stay.
        let changed = named.iter().filter(|(_, it)| it.2 > 0 && it.1.as_ref() != Some(&it.0));
        let differences: Vec<Difference> = changed
            .map(|(name, it)| Difference::shown(name.clone(), it.0.clone(), it.1.clone().unwrap_or(Json::Null)))
            .collect();
        let (after, by_hand) = adopted(&text, &[finding(ADDRESS, differences.clone())], &Addresses::new());
        let (old, new) = (evaluated(&text), evaluated(&after));
        for (name, declared) in &before {
            let difference = differences.iter().find(|it| it.attribute == *name);
            let told = by_hand.iter().any(|it| it.starts_with(&format!("`{name}` ")));
            match difference.map(|it| &it.values) {
                Some(Values::Shown { live, .. }) if !told => {
                    let now = new.get(name).cloned().flatten().unwrap_or(Json::Null);
                    prop_assert!(literal::alike(&now, live), "{name}: {now} is not {live} in\n{after}");
                }
                _ => {
                    prop_assert_eq!(new.get(name), old.get(name));
                    prop_assert!(literal::alike(new[name].as_ref().unwrap(), declared));
                }
            }
            // Remarks above stay, also where the attribute goes.
            let remark = format!("  # about {name}\n");
            prop_assert!(after.contains(&remark));
        }
        let around = after.ends_with("\nlocals {\n  a = 1\n}\n") && after.starts_with("# Orders.\n");
        prop_assert!(around, "{}", after);
    }
}

#[test]
fn what_is_unset_and_what_is_set_in_one_go_do_not_stand_in_each_others_way() {
    let differences =
        vec![Difference::shown("b", json!(2), json!(null)), Difference::shown("c", json!(null), json!(3))];
    let (after, by_hand) =
        adopted(&in_block("  a = 1\n  b = 2\n"), &[finding(ADDRESS, differences)], &Addresses::new());
    assert_eq!((after, by_hand), (in_block("  a = 1\n  c = 3\n"), Vec::new()));
}

#[test]
fn what_the_provider_requires_is_never_taken_out() {
    by_hand("  name = \"x\"\n", "name", json!("x"), json!(null), "the provider requires it");
}
