//! A batch of writes, asked of the instance part by part: what is active is seen between any two of them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use servicenow_core::{Method, Request, Response};

/// The parts of a batch by their ids, each with the headers of the sign-in.
pub fn of(batch: &Request) -> Vec<(String, Request)> {
    let document: Value = serde_json::from_str(batch.body.as_deref().unwrap()).unwrap();
    let part = |it: &Value| {
        assert_eq!(it["method"], "PATCH", "only changes travel together");
        let (path, query) = it["url"].as_str().unwrap().split_once('?').unwrap();
        let mut request = Request::new(Method::Patch, path);
        let pair = |it: &str| it.split_once('=').map(|(a, b)| (a.to_owned(), b.replace("%2C", ",")));
        request.query = query.split('&').filter_map(pair).collect();
        request.headers = batch.headers.clone();
        let body = STANDARD.decode(it["body"].as_str().unwrap()).unwrap();
        request.body = Some(String::from_utf8(body).unwrap());
        (it["id"].as_str().unwrap().to_owned(), request)
    };
    document["rest_requests"].as_array().unwrap().iter().map(part).collect()
}

/// The answer of the batch. A part that got none, and those behind it, were not serviced.
pub fn answer(parts: &[(String, Option<Response>)]) -> Response {
    let ended = parts.iter().position(|it| it.1.is_none()).unwrap_or(parts.len());
    let unserviced: Vec<&String> = parts[ended..].iter().map(|it| &it.0).collect();
    let serviced: Vec<Value> = parts[..ended]
        .iter()
        .map(|(id, response)| {
            let response = response.as_ref().unwrap();
            json!({"id": id, "status_code": response.status, "body": STANDARD.encode(&response.body)})
        })
        .collect();
    let body = json!({"batch_request_id": "writes", "serviced_requests": serviced, "unserviced_requests": unserviced});
    Response { status: 200, headers: Vec::new(), body: body.to_string().into_bytes() }
}
