//! Section 1.3: headers, a test for each row.

use super::*;

const LIST: &str = "/api/now/table/sys_alias";

#[test]
fn r1_3_accept_chooses_json_or_xml_and_refuses_the_rest() {
    instance(&[], |admin| {
        for (accept, status, kind) in [
            ("application/json", 200, "application/json;charset=UTF-8"),
            ("application/xml", 200, "application/xml;charset=UTF-8"),
            ("*/*", 200, "application/json;charset=UTF-8"),
            ("text/html", 406, "application/json;charset=UTF-8"),
        ] {
            let answer = admin.ask_with(Method::Get, LIST, "", &[("Accept", accept)]);
            assert_eq!((answer.status, answer.header("Content-Type")), (status, Some(kind)), "{accept}");
        }
    });
}

#[test]
fn r1_3_content_type_is_json_or_xml_and_415_otherwise() {
    instance(&[], |admin| {
        for (kind, body, status) in [
            ("application/json", r#"{"name":"a"}"#, 201),
            ("application/xml", "<request><entry><name>b</name></entry></request>", 201),
            ("text/csv", "name", 415),
        ] {
            let answer = admin.ask_with(Method::Post, LIST, body, &[("Content-Type", kind)]);
            assert_eq!(answer.status, status, "{kind}");
        }
    });
}

#[test]
fn r1_3_both_headers_are_needed_where_the_rules_are_strict() {
    instance(&[("content_rules", "strict")], |admin| {
        assert_eq!(admin.status(Method::Get, LIST, ""), 400);
        let both = [("Accept", "application/json"), ("Content-Type", "application/json")];
        assert_eq!(admin.ask_with(Method::Get, LIST, "", &both[..1]).status, 200);
        assert_eq!(admin.ask_with(Method::Post, LIST, r#"{"name":"a"}"#, &both[..1]).status, 400);
        assert_eq!(admin.ask_with(Method::Post, LIST, r#"{"name":"a"}"#, &both).status, 201);
    });
}

#[test]
fn r1_3_x_no_response_body_leaves_the_body_out() {
    for (setting, status) in [("usual", 201), ("200", 200), ("204", 204)] {
        instance(&[("no_body_status", setting)], |admin| {
            let headers = [("X-no-response-body", "true")];
            let answer = admin.ask_with(Method::Post, LIST, r#"{"name":"a"}"#, &headers);
            assert_eq!((answer.status, answer.body.len()), (status, 0));
        });
    }
}

/// A request of nobody but the cookie of a session.
fn with_cookie(admin: &Asking<'_>, method: Method, cookie: &str, token: &str) -> u16 {
    let mut request = servicenow_core::Request::new(method, LIST);
    request.headers.push(("Cookie".to_owned(), cookie.to_owned()));
    request.headers.push(("X-UserToken".to_owned(), token.to_owned()));
    request.body = (method == Method::Post).then(|| r#"{"name":"a"}"#.to_owned());
    admin.simulator.answer(&request).status
}

#[test]
fn r1_3_x_user_token_is_needed_to_write_with_a_cookie_alone() {
    instance(&[], |admin| {
        let begun = admin.ask(Method::Get, LIST, "");
        let cookie = begun.header("Set-Cookie").unwrap().split(';').next().unwrap().to_owned();
        assert_eq!(with_cookie(admin, Method::Get, &cookie, ""), 200);
        assert_eq!(with_cookie(admin, Method::Post, &cookie, ""), 401);
        assert_eq!(with_cookie(admin, Method::Post, &cookie, "guessed"), 401);
    });
}

#[test]
fn r1_3_x_want_session_debug_messages_adds_a_sibling_of_the_result() {
    instance(&[], |admin| {
        let answer = admin.ask_with(Method::Get, LIST, "", &[("X-WantSessionDebugMessages", "true")]);
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        assert!(body["session"]["debug_logs"][0]["line"].is_string() && body["result"].is_array());
    });
}

#[test]
fn r1_3_x_total_count_counts_what_matches_not_what_is_on_the_page() {
    instance(&[], |admin| {
        for name in ["a", "b", "c"] {
            admin.make("sys_alias", &json!({"name": name}));
        }
        let answer = admin.ask(Method::Get, &format!("{LIST}?sysparm_limit=1&sysparm_query=name!=a"), "");
        assert_eq!(answer.header("X-Total-Count"), Some("2"));
    });
}

#[test]
fn r1_3_link_names_the_pages_around_this_one() {
    instance(&[], |admin| {
        for name in ["a", "b", "c"] {
            admin.make("sys_alias", &json!({"name": name}));
        }
        for (offset, relations) in
            [(0, "first next last"), (1, "first prev next last"), (2, "first prev last")]
        {
            let answer =
                admin.ask(Method::Get, &format!("{LIST}?sysparm_limit=1&sysparm_offset={offset}"), "");
            let link = answer.header("Link").unwrap().to_owned();
            let named: Vec<&str> =
                link.split("rel=\"").skip(1).map(|it| it.split('"').next().unwrap()).collect();
            assert_eq!(named.join(" "), relations);
            assert!(
                link.starts_with("<https://instance.example/api/now/table/sys_alias?")
                    && !link.contains("; rel"),
                "{link}"
            );
        }
    });
}

#[test]
fn r1_3_location_is_the_address_of_the_new_record() {
    instance(&[], |admin| {
        let answer = admin.ask(Method::Post, LIST, r#"{"name":"a"}"#);
        let sys_id = admin.simulator.rows("sys_alias")[0]["sys_id"].clone();
        assert_eq!(
            answer.header("Location"),
            Some(format!("https://instance.example{LIST}/{sys_id}").as_str())
        );
    });
}

#[test]
fn r1_3_nothing_is_to_be_cached() {
    instance(&[], |admin| {
        let answer = admin.ask(Method::Get, LIST, "");
        for (name, value) in [
            ("Cache-Control", "no-cache,no-store,must-revalidate,max-age=-1"),
            ("Pragma", "no-store,no-cache"),
            ("Expires", "0"),
        ] {
            assert_eq!(answer.header(name), Some(value));
        }
    });
}

#[test]
fn r1_3_answers_are_json_in_utf_8() {
    instance(&[], |admin| {
        let answer = admin.ask(Method::Post, LIST, r#"{"name":"a","description":"Größe"}"#);
        assert_eq!(answer.header("Content-Type"), Some("application/json;charset=UTF-8"));
        assert!(String::from_utf8(answer.body).unwrap().contains("Größe"));
    });
}

#[test]
fn r1_3_a_new_session_comes_with_its_cookies() {
    instance(&[], |admin| {
        let answer = admin.ask(Method::Get, LIST, "");
        let cookies: Vec<&str> =
            answer.headers.iter().filter(|(it, _)| it == "Set-Cookie").map(|(_, it)| it.as_str()).collect();
        for name in ["JSESSIONID=", "glide_user_route=glide.", "glide_user_session="] {
            assert!(cookies.iter().any(|it| it.starts_with(name)), "{name}: {cookies:?}");
        }
    });
}

#[test]
fn r1_3_usual_headers_tell_about_the_session_and_the_transaction() {
    instance(&[], |admin| {
        let answer = admin.ask(Method::Get, LIST, "");
        assert_eq!(answer.header("X-Is-Logged-In"), Some("true"));
        assert_eq!(answer.header("X-Transaction-ID").map(str::len), Some(32));
        assert_eq!(answer.header("Server"), Some("ServiceNow"));
        assert_eq!(answer.header("Strict-Transport-Security"), Some("max-age=63072000; includeSubDomains"));
    });
}

#[test]
fn r1_3_www_authenticate_comes_with_a_401() {
    instance(&[], |admin| {
        let answer = admin.simulator.answer(&servicenow_core::Request::new(Method::Get, LIST));
        assert_eq!(
            (answer.status, answer.header("WWW-Authenticate")),
            (401, Some("BASIC realm=\"Service-now\""))
        );
    });
}

#[test]
fn r1_3_rate_limit_headers_come_with_requests_that_a_rule_counts() {
    instance(&[], |admin| {
        assert_eq!(admin.ask(Method::Get, LIST, "").header("X-RateLimit-Limit"), None);
        let rule = admin.make("sys_rate_limit_rules", &json!({"name": "all", "rate_limit": "9"}));
        let answer = admin.ask(Method::Get, LIST, "");
        assert_eq!(
            (answer.header("X-RateLimit-Limit"), answer.header("X-RateLimit-Rule")),
            (Some("9"), Some(rule.as_str()))
        );
        assert!(answer.header("X-RateLimit-Reset").is_some() && answer.header("Retry-After").is_none());
    });
}

#[test]
fn r1_3_links_name_the_instances_own_host_unless_a_property_says_the_requests() {
    instance(&[], |admin| {
        let host = [("Host", "proxy.example")];
        let base = || admin.ask_with(Method::Get, LIST, "", &host).header("Link").unwrap().to_owned();
        assert!(base().starts_with("<https://instance.example/"));
        admin.property("glide.rest.replace_request_host_with_property", "false");
        assert!(base().starts_with("<https://proxy.example/"), "{}", base());
    });
}
