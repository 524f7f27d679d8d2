//! Section 2: encoded queries.

use super::*;

/// An instance with tasks that differ in every way a query can ask for.
fn filled(settings: &[(&str, &str)]) -> Simulator {
    let simulator = open_empty(settings);
    let admin = Asking::administrator(&simulator);
    for (number, values) in [
        (
            "A",
            json!({"short_description": "Server down", "priority": "1", "price": "9.5", "quantity": 9, "opened_at": "2026-01-02 03:00:00", "closed_at": "2026-01-02 05:00:00", "correlation_id": "Server down"}),
        ),
        (
            "B",
            json!({"short_description": "server slow", "priority": "2", "price": "10.25", "quantity": 10, "opened_at": "2026-01-01 12:00:00", "closed_at": "2026-01-03 12:00:00"}),
        ),
        (
            "C",
            json!({"short_description": "Printer", "priority": "3", "price": "100", "quantity": 100, "opened_at": "2025-12-28 23:59:59"}),
        ),
        ("D", json!({"short_description": "", "priority": "4", "quantity": "", "active": "false"})),
    ] {
        let mut values = values;
        values["number"] = json!(number);
        admin.make("sc_req_item", &values);
    }
    simulator
}

/// The numbers of the rows that each query selects, in the order of their numbers.
fn check(table: &[(&str, &str)]) {
    check_with(&[], table);
}

fn check_with(settings: &[(&str, &str)], table: &[(&str, &str)]) {
    let simulator = filled(settings);
    let admin = Asking::administrator(&simulator);
    for (query, numbers) in table {
        let target = format!("/api/now/table/sc_req_item?sysparm_query={query}^ORDERBYnumber");
        assert_eq!(admin.column(&target, "number").join(""), *numbers, "{query}");
    }
}

#[test]
fn r2_equality_and_its_opposite() {
    check(&[
        ("priority=1", "A"),
        ("priority!=1", "BCD"),
        ("short_description=", "D"),
        ("short_description!=", "ABC"),
        ("active!=true", "D"),
        ("short_description=SERVER DOWN", "A"),
        ("short_description!=Printer", "ABD"),
    ]);
}

#[test]
fn r2_comparisons_by_size() {
    check(&[
        ("quantity<10", "A"),
        ("quantity<=10", "AB"),
        ("quantity>10", "C"),
        ("quantity>=10", "BC"),
        ("price>9.75", "BC"),
        ("price<100", "AB"),
        ("opened_at>=2026-01-01 12:00:00", "AB"),
        ("opened_at<2026-01-01 12:00:00", "C"),
        ("short_description>Q", "AB"),
    ]);
}

#[test]
fn r2_one_of_a_list_and_none_of_it() {
    check(&[("priorityIN1,3", "AC"), ("priorityNOT IN1,3", "BD"), ("priorityIN", "")]);
}

#[test]
fn r2_parts_of_a_text() {
    check(&[
        ("short_descriptionLIKEserver", "AB"),
        ("short_description*server", "AB"),
        ("short_descriptionNOT LIKEserver", "CD"),
        ("short_descriptionNOTLIKEserver", "CD"),
        ("short_description!*server", "CD"),
        ("short_descriptionLIKE%", ""),
        ("short_descriptionLIKE_", ""),
    ]);
}

#[test]
fn r2_beginnings_and_ends_of_a_text() {
    check(&[
        ("short_descriptionSTARTSWITHserver", "AB"),
        ("short_descriptionENDSWITHslow", "B"),
        ("short_description%slow", "B"),
    ]);
}

#[test]
fn r2_emptiness_under_all_its_names() {
    check(&[
        ("short_descriptionISEMPTY", "D"),
        ("short_descriptionEMPTY", "D"),
        ("short_descriptionEMPTYSTRING", "D"),
        ("short_descriptionISNOTEMPTY", "ABC"),
        ("short_descriptionNOTEMPTY", "ABC"),
        ("short_descriptionANYTHING", "ABCD"),
    ]);
}

#[test]
fn r2_between_with_both_ends() {
    check(&[
        ("quantityBETWEEN9@10", "AB"),
        ("opened_atBETWEEN2026-01-01 12:00:00@2026-01-02 03:00:00", "AB"),
        ("numberBETWEENB@C", "BC"),
    ]);
}

#[test]
fn r2_another_column_in_the_place_of_a_value() {
    check(&[
        ("short_descriptionSAMEAScorrelation_id", "AD"),
        ("short_descriptionNSAMEAScorrelation_id", "BC"),
        ("opened_atSAMEASclosed_at@day", "AD"),
        ("opened_atNSAMEASclosed_at@day", "BC"),
        ("quantitySAMEASbogus", "ABCD"),
    ]);
}

#[test]
fn r2_numbers_of_another_column() {
    check(&[
        ("quantityGT_FIELDpriority", "ABC"),
        ("priorityLT_FIELDquantity", "ABC"),
        ("quantityGT_OR_EQUALS_FIELDquantity", "ABC"),
        ("quantityLT_OR_EQUALS_FIELDprice", "ABC"),
    ]);
}

#[test]
fn r2_days_and_stretches_of_time() {
    check(&[
        ("opened_atONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()", "A"),
        ("opened_atNOTONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()", "BCD"),
        ("opened_atON2026-01-01", "B"),
        ("opened_atONsoon", "ABCD"),
    ]);
}

#[test]
fn r2_the_clock_and_the_calendar() {
    check(&[
        ("opened_atRELATIVEGT@hour@ago@1", "A"),
        ("opened_atRELATIVEGT@dayofweek@ago@2", "AB"),
        ("opened_atRELATIVELT@day@ago@2", "C"),
        ("closed_atRELATIVEGT@hour@ahead@3", "B"),
        ("opened_atRELATIVEEE@dayofweek@ago@1", "B"),
        ("opened_atRELATIVEGT@fortnight@ago@1", "ABCD"),
        ("opened_atMORETHANclosed_at@hour@before@12", "B"),
        ("opened_atLESSTHANclosed_at@hour@before@12", "A"),
        ("closed_atMORETHANopened_at@hour@after@1", "AB"),
        ("opened_atDATEPARTFriday@javascript:gs.datePart('dayofweek','friday','EE')", "A"),
        ("opened_atDATEPARTDecember@javascript:gs.datePart('month','december','EE')", "C"),
        ("opened_atDATEPARTQ1@javascript:gs.datePart('quarter','1','EE')", "AB"),
        ("opened_atDATEPART2025@javascript:gs.datePart('year','2025','LE')", "C"),
        ("opened_atDATEPARTnow@javascript:gs.datePart('era','1','EE')", "ABCD"),
    ]);
}

#[test]
fn r2_the_class_or_one_that_extends_it() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    for (table, name) in [("sys_connection", "a"), ("http_connection", "b"), ("jdbc_connection", "c")] {
        admin.make(table, &json!({"name": name}));
    }
    for (query, names) in [
        ("sys_class_nameINSTANCEOFsys_connection", "abc"),
        ("sys_class_nameINSTANCEOFhttp_connection", "b"),
        ("sys_class_nameINSTANCEOFsys_alias", ""),
    ] {
        let target = format!("/api/now/table/sys_connection?sysparm_query={query}^ORDERBYname");
        assert_eq!(admin.column(&target, "name").join(""), names, "{query}");
    }
}

#[test]
fn r2_a_dynamic_filter_stands_for_the_caller_or_the_callers_groups() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let own =
        simulator.rows("sys_user").iter().find(|it| it["user_name"] == "admin").unwrap()["sys_id"].clone();
    let group = admin.make("sys_user_group", &json!({"name": "Integration"}));
    admin.make("sys_user_grmember", &json!({"user": own, "group": group}));
    admin.make("incident", &json!({"number": "1", "caller_id": own}));
    admin.make("incident", &json!({"number": "2", "assignment_group": group}));
    for (query, numbers) in [
        ("caller_idDYNAMIC90d1921e5f510100a9ad2572f2b477fe", "1"),
        ("assignment_groupDYNAMICd6435e965f510100a9ad2572f2b47744", "2"),
        ("caller_idDYNAMICdeaddeaddeaddeaddeaddeaddeaddead", "12"),
    ] {
        let target = format!("/api/now/table/incident?sysparm_query={query}^ORDERBYnumber");
        assert_eq!(admin.column(&target, "number").join(""), numbers, "{query}");
    }
}

#[test]
fn r2_a_hierarchy_counts_from_a_row_downwards() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let top = admin.make("sys_user_group", &json!({"name": "top"}));
    let middle = admin.make("sys_user_group", &json!({"name": "middle", "parent": top}));
    let bottom = admin.make("sys_user_group", &json!({"name": "bottom", "parent": middle}));
    admin.patch("sys_user_group", &top, &json!({"parent": bottom}));
    for (number, group) in [("1", &top), ("2", &bottom), ("3", &String::new())] {
        admin.make("incident", &json!({"number": number, "assignment_group": group}));
    }
    let target =
        format!("/api/now/table/incident?sysparm_query=assignment_groupIN_HIERARCHY{top}^ORDERBYnumber");
    assert_eq!(admin.column(&target, "number").join(""), "12", "a circle ends somewhere");
}

#[test]
fn r2_operators_of_notifications_are_invalid_parts() {
    check(&[
        ("priorityVALCHANGES", "ABCD"),
        ("priorityCHANGESFROM1", "ABCD"),
        ("priorityCHANGESTO1^priority=2", "B"),
    ]);
}

#[test]
fn r2_related_rows_are_counted() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let alias = |name: &str| admin.make("sys_alias", &json!({"name": name, "multiple_connections": "true"}));
    let (one, two) = (alias("one"), alias("two"));
    alias("none");
    for (name, alias, active) in [("a", &one, "true"), ("b", &two, "true"), ("c", &two, "false")] {
        admin.make("http_connection", &json!({"name": name, "connection_alias": alias, "active": active}));
    }
    for (query, names) in [
        ("RLQUERYsys_connection.connection_alias,>=1^ENDRLQUERY", "one two"),
        ("RLQUERYsys_connection.connection_alias,>1^ENDRLQUERY", "two"),
        ("RLQUERYsys_connection.connection_alias,=0^ENDRLQUERY", "none"),
        ("RLQUERYsys_connection.connection_alias,>=1,active=false^ENDRLQUERY", "two"),
        ("name=one^RLQUERYsys_connection.connection_alias,>=1^active=true^ENDRLQUERY", "one"),
        ("RLQUERYsys_connection.bogus,>=1^ENDRLQUERY^name=one", "one"),
    ] {
        let target = format!("/api/now/table/sys_alias?sysparm_query={query}^ORDERBYname");
        assert_eq!(admin.column(&target, "name").join(" "), names, "{query}");
    }
}

#[test]
fn r2_words_are_looked_for_in_every_text() {
    check(&[
        ("123TEXTQUERY321=server", "AB"),
        ("123TEXTQUERY321=server slow", "B"),
        ("123TEXTINDEXGROUP321=x^priority=1", "A"),
    ]);
}

#[test]
fn r2_an_alternative_binds_to_the_condition_before_it() {
    check(&[("active=true^priority=1^ORpriority=2", "AB"), ("priority=1^ORpriority=2^active=false", "")]);
}

#[test]
fn r2_a_caret_joins_conditions_that_all_hold() {
    check(&[("active=true^priority=1^short_descriptionLIKEserver", "A"), ("priority=1^priority=2", "")]);
}

#[test]
fn r2_nq_begins_an_independent_group() {
    check(&[("priority=1^NQpriority=4", "AD"), ("active=true^priority=3^NQactive=false", "CD")]);
}

#[test]
fn r2_eq_at_the_end_changes_nothing() {
    check(&[("priority=1^EQ", "A"), ("active=true^priority=3^NQactive=false^EQ", "CD")]);
}

#[test]
fn r2_groupby_changes_no_rows() {
    check(&[("priority=1^GROUPBYpriority", "A")]);
}

#[test]
fn r2_lists_without_a_value_and_lists_that_exclude() {
    check(&[("priorityEXCLUDING1,2", "CD")]);
    instance(&[], |admin| {
        let alias = admin.make("sys_alias", &json!({"name": "orders", "type": "credential"}));
        let other = "d".repeat(32);
        for (name, tag) in [("a", format!("{alias},{other}")), ("b", other.clone()), ("c", String::new())] {
            admin.make("basic_auth_credentials", &json!({"name": name, "tag": tag}));
        }
        let target =
            format!("/api/now/table/basic_auth_credentials?sysparm_query=tagDOESNOTHAVE{alias}^ORDERBYname");
        assert_eq!(admin.column(&target, "name").join(""), "bc");
    });
}

#[test]
fn r2_a_script_stands_for_the_caller_or_a_moment_and_is_never_run() {
    for (setting, mine) in [("known", "1"), ("ignored", "12"), ("no_rows", "")] {
        instance(&[("query_scripts", setting)], |admin| {
            let own = admin.simulator.rows("sys_user")[0]["sys_id"].clone();
            admin.make("incident", &json!({"number": "1", "caller_id": own}));
            admin.make("incident", &json!({"number": "2"}));
            let target =
                "/api/now/table/incident?sysparm_query=caller_id=javascript:gs.getUserID()^ORDERBYnumber";
            assert_eq!(admin.column(target, "number").join(""), mine, "{setting}");
        });
    }
}

#[test]
fn r2_a_property_makes_an_invalid_part_select_nothing() {
    instance(&[], |admin| {
        admin.make("sys_alias", &json!({"name": "a"}));
        let target = "/api/now/table/sys_alias?sysparm_query=bogus=1";
        assert_eq!(admin.column(target, "name"), ["a"]);
        admin.property("glide.invalid_query.returns_no_rows", "true");
        assert!(admin.column(target, "name").is_empty());
    });
}

#[test]
fn r2_names_are_case_sensitive_and_values_are_not() {
    check(&[("Priority=1", "ABCD"), ("priorityin1", "ABCD"), ("short_description=server DOWN", "A")]);
}

#[test]
fn r2_carets_cannot_be_escaped_unless_the_setting_says_so() {
    for (setting, count) in [("false", 0), ("true", 1)] {
        let simulator = open_empty(&[("query_caret_escape", setting)]);
        let admin = Asking::administrator(&simulator);
        admin.make("incident", &json!({"short_description": "a^b"}));
        let target = "/api/now/table/incident?sysparm_query=short_description=a^^b";
        assert_eq!(admin.column(target, "number").len(), count, "{setting}");
    }
}

#[test]
fn r2_an_invalid_part_is_left_out_or_leaves_no_rows() {
    check(&[("bogus=1", "ABCD"), ("bogus=1^priority=1", "A")]);
    check_with(
        &[("invalid_query_returns_no_rows", "true")],
        &[("bogus=1^priority=1", ""), ("priority=1", "A")],
    );
}

#[test]
fn r2_paths_lead_through_several_references() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let scope = admin.make("sys_scope", &json!({"name": "Acme", "scope": "x_acme"}));
    let alias = admin.make("sys_alias", &json!({"name": "orders", "sys_scope": scope}));
    admin.make("http_connection", &json!({"name": "blue", "connection_alias": alias}));
    for (query, count) in [
        ("connection_alias.name=orders", 1),
        ("connection_alias.sys_scope.scope=x_acme", 1),
        ("connection_alias.sys_scope.scope=global", 0),
        ("connection_alias.parent.nameISEMPTY", 1),
    ] {
        let target = format!("/api/now/table/http_connection?sysparm_query={query}");
        assert_eq!(admin.column(&target, "name").len(), count, "{query}");
    }
    let target = "/api/now/table/http_connection?sysparm_fields=connection_alias.sys_scope.scope";
    assert_eq!(admin.column(target, "connection_alias.sys_scope.scope"), ["x_acme"]);
}

#[test]
fn r2_lists_come_in_the_order_that_was_asked_for() {
    let simulator = filled(&[]);
    let admin = Asking::administrator(&simulator);
    for (query, numbers) in [
        ("ORDERBYquantity", "DABC"),
        ("ORDERBYDESCquantity", "CBAD"),
        ("ORDERBYactive^ORDERBYDESCnumber", "DCBA"),
        ("active=true^ORDERBYDESCshort_description", "BAC"),
    ] {
        let target = format!("/api/now/table/sc_req_item?sysparm_query={query}");
        assert_eq!(admin.column(&target, "number").join(""), numbers, "{query}");
    }
}

#[test]
fn r2_without_an_order_none_is_promised() {
    let simulator = filled(&[]);
    let admin = Asking::administrator(&simulator);
    let mut ids: Vec<String> = simulator.rows("sc_req_item").iter().map(|it| it["sys_id"].clone()).collect();
    ids.sort();
    for setting in ["by_id", "by_id_backwards"] {
        simulator.set("list_order", setting).unwrap();
        assert_eq!(admin.column("/api/now/table/sc_req_item", "sys_id"), ids, "{setting}");
        ids.reverse();
    }
}
