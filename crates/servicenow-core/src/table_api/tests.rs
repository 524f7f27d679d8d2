//! Requests, byte for byte.

use super::*;

const ID: &str = "0123456789abcdef0123456789abcdef";
const FORM: &str = "sysparm_display_value=false&sysparm_exclude_reference_link=true&sysparm_fields=\
                    sys_id%2Csys_mod_count%2Csys_updated_on%2Csys_updated_by%2Csys_class_name";

fn table() -> TableName {
    "sys_alias".parse().unwrap()
}

fn id() -> SysId {
    ID.parse().unwrap()
}

fn cells() -> BTreeMap<String, String> {
    BTreeMap::from([("active".to_owned(), "true".to_owned()), ("name".to_owned(), "a \"b\"".to_owned())])
}

fn check(request: &Request, method: Method, target: &str, body: Option<&str>) {
    assert_eq!((request.method, request.target().as_str(), request.body.as_deref()), (method, target, body));
    let accepts = request.headers.contains(&pair("Accept", "application/json"));
    let sends = request.headers.contains(&pair("Content-Type", "application/json"));
    assert_eq!((accepts, sends), (true, body.is_some()), "{request:?}");
}

#[test]
fn a_row_is_read_with_actual_values_and_named_columns() {
    let target = format!("/api/now/table/sys_alias/{ID}?{FORM}%2Cname");
    check(&get(&table(), &id(), &["name", "sys_id"]), Method::Get, &target, None);
}

#[test]
fn a_list_has_an_order_limits_and_the_columns_of_its_conditions() {
    let query = Query::new().equals("type", "credential").unwrap();
    let target = format!(
        "/api/now/table/sys_alias?sysparm_query=type%3Dcredential%5EORDERBYsys_id&sysparm_limit=1000&sysparm_offset=2000\
         &sysparm_suppress_pagination_header=true&{FORM}%2Cname%2Ctype"
    );
    let page = Page { limit: 1000, offset: 2000 };
    check(&list(&table(), &query, &["name"], page), Method::Get, &target, None);
    let all = list(&table(), &Query::new(), &[], page);
    assert_eq!(all.query.first(), Some(&pair("sysparm_query", "ORDERBYsys_id")));
}

#[test]
fn a_new_row_carries_its_id_and_texts_only() {
    let write = Write { cells: &cells(), columns: &["id"], style: WriteStyle::ActualValues };
    let body = format!(r#"{{"active":"true","name":"a \"b\"","sys_id":"{ID}"}}"#);
    let target = format!("/api/now/table/sys_alias?{FORM}%2Cid%2Cactive%2Cname");
    check(&create(&table(), &id(), write), Method::Post, &target, Some(&body));
}

#[test]
fn a_change_sends_the_given_columns_only() {
    let write = Write { cells: &cells(), columns: &[], style: WriteStyle::ActualValues };
    let target = format!("/api/now/table/sys_alias/{ID}?{FORM}%2Cactive%2Cname");
    let request = update(&table(), &id(), write);
    check(&request, Method::Patch, &target, Some(r#"{"active":"true","name":"a \"b\""}"#));
    assert!(!carries_secrets(&request));
}

#[test]
fn display_values_are_sent_only_when_asked_for() {
    let write = Write { cells: &cells(), columns: &[], style: WriteStyle::DisplayValues };
    let target =
        format!("/api/now/table/sys_alias/{ID}?{FORM}%2Cactive%2Cname&sysparm_input_display_value=true");
    let request = update(&table(), &id(), write);
    check(&request, Method::Patch, &target, Some(r#"{"active":"true","name":"a \"b\""}"#));
    assert!(carries_secrets(&request));
}

#[test]
fn a_row_is_removed_by_its_id() {
    check(&delete(&table(), &id()), Method::Delete, &format!("/api/now/table/sys_alias/{ID}"), None);
}

#[test]
fn debugging_a_request_shows_no_query_and_no_body() {
    let write = Write { cells: &cells(), columns: &[], style: WriteStyle::ActualValues };
    assert_eq!(format!("{:?}", create(&table(), &id(), write)), "POST /api/now/table/sys_alias");
}
