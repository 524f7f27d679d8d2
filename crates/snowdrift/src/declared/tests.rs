//! Folders and what they declare.

use std::fs;

use tempfile::TempDir;
use tf_core::Value;

use super::*;

/// What a folder with these files declares.
fn declared(files: &[(&str, &str)]) -> Result<Declared, LoadError> {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let inputs = Inputs::collect(folder.path(), [], &[], &[])?;
    load(folder.path(), &inputs, &Schemas::new())
}

#[track_caller]
fn check_output(text: &str, reason: &str) {
    let declared = declared(&[("main.tf", text)]).unwrap();
    let output = &declared.outputs["it"];
    assert!(!output.value.value.is_wholly_known(), "{:?}", output.value);
    assert!(output.doubts.iter().any(|it| it.contains(reason)), "{:?}", output.doubts);
}

#[test]
fn what_cannot_be_decided_says_why() {
    check_output(
        "locals { \n a = local.b \n b = local.a \n}\noutput \"it\" { value = local.a }",
        "refers to itself",
    );
    check_output("variable \"v\" {}\noutput \"it\" { value = var.v }", "the variable `v` has no value here");
    check_output("output \"it\" { value = data.http.x.body }", "`data.http.x` is read by Terraform");
    check_output(
        "output \"it\" { value = module.m.x }\nmodule \"m\" { source = \"a/b/c\" }",
        "is not a local folder",
    );
    check_output(
        "resource \"other_thing\" \"x\" {}\noutput \"it\" { value = other_thing.x.id }",
        "computed by another provider",
    );
    check_output("output \"it\" { value = var.none }", "there is no variable `none`");
    check_output("output \"it\" { value = other_thing.none.id }", "the name `other_thing` is not known");
}

#[test]
fn instances_that_are_not_known_are_undecided_as_a_whole() {
    let text = "variable \"v\" {}\nresource \"t\" \"x\" {\n  count = var.v\n}\n";
    let declared = declared(&[("main.tf", text)]).unwrap();
    assert!(declared.resources.is_empty());
    let [undecided] = declared.undecided.as_slice() else { panic!("{:?}", declared.undecided) };
    assert_eq!((undecided.address.as_str(), undecided.place.line), ("t.x", 2));
    assert!(
        undecided.reasons.contains(&"the variable `v` has no value here".to_owned()),
        "{:?}",
        undecided.reasons
    );
}

#[test]
fn addresses_and_places_are_terraforms() {
    let text =
        "\nresource \"t\" \"x\" {\n  for_each = toset([\"a\", \"b\\\"${1}\"])\n\n  name = each.key\n}\n";
    let declared = declared(&[("main.tf", text)]).unwrap();
    let addresses: Vec<&str> = declared.resources.iter().map(|it| it.address.as_str()).collect();
    assert_eq!(addresses, ["t.x[\"a\"]", "t.x[\"b\\\"1\"]"]);
    assert_eq!(declared.resources[0].place.line, 2);
    assert_eq!(declared.resources[0].attributes.get("name").unwrap().place.line, 5);
}

#[test]
fn dynamic_blocks_and_ignored_changes_and_imports_are_seen() {
    let text = r#"
resource "t" "x" {
  dynamic "rule" {
    for_each = ["a", "b"]
    content {
      name = rule.value
      place = rule.key
    }
  }
  lifecycle {
    ignore_changes = [name, tags]
  }
}
import {
  to = t.x
  id = "the-${"id"}"
}
"#;
    let declared = declared(&[("main.tf", text)]).unwrap();
    let resource = &declared.resources[0];
    assert_eq!(resource.ignored, ["name", "tags"]);
    assert_eq!(resource.import_id.as_ref().unwrap().value.value, Value::string("the-id"));
    let rules = resource.attributes.get("rule").unwrap().value.elements().unwrap();
    assert_eq!(rules[1].member("name").unwrap().value, Value::string("b"));
}

#[test]
fn json_declares_what_hcl_does_and_has_its_lines() {
    let json = "{\n  \"resource\": {\n    \"t\": {\n      \"x\": {\n        \"count\": 2,\n        \"name\": \"n${count.index}\"\n} } } }";
    let declared = declared(&[("main.tf.json", json)]).unwrap();
    let names: Vec<_> =
        declared.resources.iter().map(|it| it.attributes.get("name").unwrap().value.value.clone()).collect();
    assert_eq!(names, [Value::string("n0"), Value::string("n1")]);
    let first = &declared.resources[0];
    assert_eq!((first.place.line, first.attributes.get("name").unwrap().place.line), (4, 6));
    assert!(first.place.file.ends_with("main.tf.json"));
}

#[test]
fn what_overrides_counts_and_says_where_it_stands() {
    let main = "locals {\n  a = 1\n}\nresource \"t\" \"x\" {\n  name = \"before\"\n  more = local.a\n}\n";
    let over = "\n\nresource \"t\" \"x\" {\n  name = \"after\"\n}\n";
    let declared = declared(&[
        ("main.tf", main),
        ("b_override.tf", over),
        ("override.tf", "locals {\n  a = 2\n}\n"),
        ("z.tf", ""),
    ]);
    let declared = declared.unwrap();
    let it = &declared.resources[0];
    assert_eq!(it.attributes.get("name").unwrap().value.value, Value::string("after"));
    assert_eq!(it.attributes.get("more").unwrap().value.value, Value::Number(2_i64.into()));
    assert!(
        it.place.file.ends_with("main.tf")
            && it.attributes.get("more").unwrap().place.file.ends_with("main.tf")
    );
    let place = &it.attributes.get("name").unwrap().place;
    assert!(place.file.ends_with("b_override.tf") && place.line == 4, "{place:?}");
}

#[test]
fn what_overrides_nothing_is_refused_as_terraform_does() {
    for (text, what) in [
        ("variable \"v\" {}", "`variable v`"),
        ("resource \"t\" \"x\" {}", "`resource t x`"),
        ("locals {\n  a = 1\n}", "the local value `a`"),
        ("import {\n  to = t.x\n  id = \"1\"\n}", "`import`"),
    ] {
        let refused = declared(&[("override.tf", text)]).unwrap_err().to_string();
        assert!(refused.contains("override.tf") && refused.contains(what), "{refused}");
    }
    let refused = declared(&[("x.tf.json", "{\n \"resource\": 1 }")]).unwrap_err().to_string();
    assert!(refused.contains("x.tf.json") && refused.contains("line 2, column 14"), "{refused}");
}

#[test]
fn an_import_block_with_for_each_leads_to_each_instance() {
    let text = "resource \"t\" \"x\" {\n  for_each = toset([\"a\", \"b\"])\n}\nimport {\n  for_each = { a = \"1\", b = \"2\" }\n  to       = t.x[each.key]\n  id       = \"id-${each.value}\"\n}\n";
    let declared = declared(&[("main.tf", text)]).unwrap();
    let ids: Vec<_> = declared.resources.iter().map(|it| it.import_id.clone().unwrap().value.value).collect();
    assert_eq!(ids, [Value::string("id-1"), Value::string("id-2")]);
}

#[test]
fn an_import_block_of_unknown_instances_is_undecided() {
    let text = "variable \"v\" {}\nresource \"t\" \"x\" {}\nimport {\n  for_each = var.v\n  to       = t.x\n  id       = each.value\n}\n";
    let declared = declared(&[("main.tf", text)]).unwrap();
    let [undecided] = declared.undecided.as_slice() else { panic!("{:?}", declared.undecided) };
    assert_eq!(undecided.address, "t.x");
    assert!(
        undecided.reasons.contains(&"the variable `v` has no value here".to_owned()),
        "{:?}",
        undecided.reasons
    );
}

#[test]
fn what_is_not_hcl_is_named_with_its_line() {
    let refused = declared(&[("main.tf", "a {\n  b = \n}\n")]).unwrap_err().to_string();
    assert!(refused.contains("main.tf") && refused.contains("line 2"), "{refused}");
}

#[test]
fn modules_that_call_themselves_come_to_an_end() {
    let declared = declared(&[("main.tf", "module \"m\" {\n  source = \"./\"\n}\n")]).unwrap();
    let reasons = &declared.undecided[0].reasons;
    assert!(reasons[0].contains("levels deep"), "{reasons:?}");
}

#[test]
fn modules_that_need_each_other_are_undecided_and_not_endless() {
    let module = "variable \"i\" {}\noutput \"o\" { value = var.i }\n";
    let main = "module \"a\" {\n source = \"./m\"\n i = module.b.o\n}\nmodule \"b\" {\n source = \"./m\"\n i = module.a.o\n}\noutput \"it\" { value = module.a.o }\n";
    let declared = declared(&[("main.tf", main), ("m/main.tf", module)]).unwrap();
    assert!(!declared.outputs["it"].value.value.is_wholly_known());
}

#[test]
fn variables_are_taken_from_everywhere_in_order() {
    let folder = TempDir::new().unwrap();
    let file = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    file(
        "main.tf",
        "variable \"a\" {}\nvariable \"l\" { type = list(number) }\noutput \"a\" { value = var.a }\noutput \"l\" { value = var.l }\n",
    );
    let check = |pairs: &[(String, String)], wanted: &str| {
        let environment =
            [("TF_VAR_a".to_owned(), "environment".to_owned()), ("TF_VAR_l".to_owned(), "[1]".to_owned())];
        let inputs = Inputs::collect(folder.path(), environment, &[], pairs).unwrap();
        let declared = load(folder.path(), &inputs, &Schemas::new()).unwrap();
        assert_eq!(declared.outputs["a"].value.value, Value::string(wanted));
        assert_eq!(declared.outputs["l"].value.value, Value::List(vec![Value::Number(1_i64.into())]));
    };
    check(&[], "environment");
    file("terraform.tfvars", "a = \"file\"\n");
    check(&[], "file");
    file("b.auto.tfvars.json", "{ \"a\": \"json\" }");
    check(&[], "json");
    check(&[("a".to_owned(), "argument".to_owned())], "argument");
}
