//! Section 7: what describes tables.

use super::{Behaviour, Confidence};

/// The rows.
pub const ROWS: &[Behaviour] = &[
    Behaviour {
        id: "7-dictionary",
        section: "7",
        behaviour: "sys_dictionary describes every column; type and reference are names, not ids.",
        confidence: Confidence::Official,
        setting: None,
        test: "contract::metadata::a7_a_column_is_described_with_the_names_of_its_type_and_table",
    },
    Behaviour {
        id: "7-own",
        section: "7",
        behaviour: "A column is described at the table that declares it.",
        confidence: Confidence::Official,
        setting: None,
        test: "contract::metadata::a7_an_inherited_column_is_described_at_its_own_table_only",
    },
    Behaviour {
        id: "7-choices",
        section: "7",
        behaviour: "sys_choice has values and labels in order.",
        confidence: Confidence::Inferred,
        setting: None,
        test: "contract::metadata::a7_choices_are_described_with_labels_in_order",
    },
    Behaviour {
        id: "7-closed",
        section: "7",
        behaviour: "Descriptions and audit rows cannot be written over REST here.",
        confidence: Confidence::Inferred,
        setting: None,
        test: "contract::metadata::a7_nobody_writes_what_describes_tables",
    },
    Behaviour {
        id: "7-custom",
        section: "7",
        behaviour: "Tables, columns and rows can be added, here from a JSON file.",
        confidence: Confidence::Official,
        setting: None,
        test: "contract::metadata::a7_tables_columns_and_rows_can_be_added_from_a_file",
    },
];
