//! Ephemeral resources: from 1.10 on.

use acceptance_tests::Terraform;

use crate::everything;

const TICKET: &str = r#"
ephemeral "everything_ticket" "it" {
  destination = "the moon"
}

locals {
  shown = ephemeral.everything_ticket.it.code == "ticket to the moon"
}

provider "everything" {
  greeting = local.shown ? ephemeral.everything_ticket.it.code : "no ticket"
}

resource "everything_thing" "it" {
  name = "traveller"
}
"#;

fn check(terraform: Terraform) {
    let it = everything(terraform);
    let log = it.configuration().join("log");
    it.environment("TF_LOG_PROVIDER", "info").environment("TF_LOG_PATH", &log.display().to_string());
    // A provider cannot depend on its own resource, so that a second configuration of it takes the ticket.
    it.hcl(&TICKET.replace("provider \"everything\" {", "provider \"everything\" {\n  alias = \"greeting\""));
    if terraform < Terraform::V1_10 {
        it.plan().ends_with(1).says("ephemeral");
        return;
    }
    it.converges();
    assert!(it.left("log").contains("closed"), "the ticket is given back");
    assert!(!it.left("terraform.tfstate").contains("moon"), "nothing of it is kept");
    it.hcl("ephemeral \"everything_ticket\" \"it\" {\n}\n").plan().ends_with(1).says("destination");
}

on_each! {
    tickets_are_unknown_to_1_9 V1_9,
    a_ticket_is_taken_and_given_back_by_1_10 V1_10,
    a_ticket_is_taken_and_given_back_by_1_11 V1_11,
    a_ticket_is_taken_and_given_back_by_1_12 V1_12,
    a_ticket_is_taken_and_given_back_by_1_13 V1_13,
    a_ticket_is_taken_and_given_back_by_1_14 V1_14,
    a_ticket_is_taken_and_given_back_by_1_15 V1_15,
}
