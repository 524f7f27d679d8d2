//! What exists can be taken over by its sys_id or by its name, and then there is nothing to do.

use acceptance_tests::{Terraform, World};
use serde_json::json;

use crate::orders::{
    ALIAS, BLUE, CREDENTIAL, GREEN, PASSWORD, POINTER, active, beginning, connection, pointer,
};

/// The integration without what cannot be read: the password and its version.
fn declared() -> String {
    let readable = beginning(1);
    let readable =
        readable.lines().filter(|line| !line.contains("password_wo")).collect::<Vec<_>>().join("\n");
    [readable.as_str(), "\n", &connection("blue"), &connection("green"), &pointer("blue")].concat()
}

/// Every resource with the name that imports it, in an order in which references exist already.
const BY_NAME: &[(&str, &str)] = &[
    (ALIAS, "orders"),
    (CREDENTIAL, "Orders service account"),
    (BLUE, "orders-blue"),
    (GREEN, "orders-green"),
    (POINTER, "orders"),
];

fn exists(terraform: Terraform) -> World {
    let world = World::new(terraform);
    world.plant("password", PASSWORD).hcl(&declared()).converges();
    world
}

#[test]
fn everything_imports_by_name_and_by_sys_id_and_the_plan_is_empty() {
    for terraform in Terraform::ENDS {
        let world = exists(terraform);
        let ids: Vec<(&str, String)> =
            BY_NAME.iter().map(|(address, _)| (*address, world.id(address))).collect();
        let names = BY_NAME.iter().map(|(address, name)| (*address, (*name).to_owned())).collect();
        for keys in [ids, names] {
            world.instance.forget_journal().unwrap();
            for (address, key) in keys {
                world.forget(address).ends_with(0);
                world.import(address, &key).ends_with(0).says("Import successful!");
            }
            // The default is not what is declared, and nothing on the instance could say so.
            assert_eq!(world.state(POINTER)["on_destroy"], json!("keep"));
            world.hcl(&declared().replace("\"deactivate\"", "\"keep\"")).plan_is_empty();
            assert!(world.writes().is_empty(), "importing wrote to the instance");
        }
        assert_eq!(active(&world), ["orders-blue"]);
    }
}

#[test]
fn an_import_block_and_a_plan_take_over_without_a_write() {
    let world = World::new(Terraform::V1_15);
    world.instance.insert("sys_alias", &json!({"name": "clicked"})).unwrap();
    world.instance.forget_journal().unwrap();
    let block = "import {\n  to = servicenow_connection_alias.it\n  id = \"clicked\"\n}\n";
    let resource = "resource \"servicenow_connection_alias\" \"it\" {\n  name = \"clicked\"\n}\n";
    world.hcl(&format!("{block}{resource}")).converges().says("1 imported, 0 added, 0 changed, 0 destroyed");
    assert!(world.writes().is_empty());
}

#[test]
fn what_cannot_be_imported_is_refused_with_a_reason_and_leaves_the_state_true() {
    let world = World::new(Terraform::V1_15);
    for _ in 0..2 {
        world.instance.insert("basic_auth_credentials", &json!({"name": "twice"})).unwrap();
    }
    let nobody = "0123456789abcdef0123456789abcdef";
    world.plant("password", PASSWORD).hcl(&declared());
    for (address, id, reason) in [
        (ALIAS, "nobody", "No record of `sys_alias`"),
        (ALIAS, nobody, "No record of `sys_alias`"),
        (BLUE, "nobody", "No record of `http_connection`"),
        (POINTER, "nobody", "No record of `sys_alias`"),
        (CREDENTIAL, "twice", "Several records are called \"twice\""),
        (BLUE, "a^NQactive=true", "Could not import"),
    ] {
        let run = world.import(address, id).ends_with(1).says(reason).says("The state is unchanged");
        assert_eq!(run.errors(), 1, "{run}");
    }
    assert_eq!(world.show_json().get("values"), None);
}
