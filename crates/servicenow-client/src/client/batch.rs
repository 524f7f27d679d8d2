//! Several requests in one. Reads, because what does not fit into one address travels in a body; and changes that belong
//! together, because the time between two parts is shorter than that between two requests.
//!
//! The parts are carried out one after the other and not as a whole: one that fails does not stop the next. What became of
//! changes is harder to tell therefore, and whoever sends some looks afterwards.

use std::collections::{BTreeMap, HashMap};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use servicenow_core::table_api::{self, Write};
use servicenow_core::{
    Kind, Method, Record, Request, Response, ServiceError, SysId, TableName, WriteStyle, answer,
};

use super::{Client, one_record};

/// Parts of one batch: as many lists by id as an instance answers in a few seconds, far below its limit of 30.
pub(super) const PARTS_MAX: usize = 20;

/// A change of one record, as one of several that travel together. None of them holds a secret.
#[derive(Clone, Copy)]
pub struct Update<'a> {
    /// The table of the record.
    pub table: &'a TableName,
    /// The record.
    pub id: &'a SysId,
    /// Column names and values.
    pub cells: &'a BTreeMap<String, String>,
}

impl Client {
    /// Changes records in one request, one after the other. What became of each, in their order: a part that failed did not
    /// stop those behind it, and of one that the instance did not come to it is not known.
    ///
    /// # Errors
    /// The request as a whole failed. Where that [may have taken effect](Kind::may_have_taken_effect), only a look tells
    /// what became of the parts: it is not sent again.
    pub async fn update_in_one(
        &self,
        updates: &[Update<'_>],
    ) -> Result<Vec<Result<Record, ServiceError>>, ServiceError> {
        self.forget_for_good();
        let write = |it: &Update<'_>| {
            let write = Write { cells: it.cells, columns: &[], style: WriteStyle::ActualValues };
            table_api::update(it.table, it.id, write)
        };
        let parts: Vec<Request> = updates.iter().map(write).collect();
        let whole = request(Request::WRITES, &parts);
        let mut attempts = self.attempts();
        let document = loop {
            match attempts.once_batch(&whole).await {
                Ok(answer) => break answer.result,
                Err(error) if error.kind.may_have_taken_effect() => return Err(error),
                Err(error) => attempts.again(error).await?,
            }
        };
        let became = answers(&document, parts.len()).into_iter().zip(parts.iter().zip(updates));
        Ok(became.map(|(answered, (part, update))| outcome(part, update.id, answered)).collect())
    }

    /// The answers to these reads, in the order of the questions. A part that the instance did not come to has none.
    ///
    /// # Errors
    /// The batch as a whole failed.
    pub(super) async fn read_in_one(&self, reads: &[Request]) -> Result<Vec<Option<Response>>, ServiceError> {
        let request = request(Request::BATCH, reads);
        let result = self.attempts().persist_batch(&request).await?.result;
        Ok(answers(&result, reads.len()))
    }
}

/// What became of one part.
fn outcome(part: &Request, id: &SysId, answered: Option<Response>) -> Result<Record, ServiceError> {
    match answered {
        Some(response) => one_record(part, id, &answer::classify(part, &response)?),
        None => {
            let reason = "the instance did not come to this part of the request";
            Err(ServiceError::new(Kind::Cancelled, part, reason))
        }
    }
}

fn request(path: &str, parts: &[Request]) -> Request {
    let part = |(number, part): (usize, &Request)| {
        let headers: Vec<Value> =
            part.headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        let mut whole = json!({
            "id": number.to_string(),
            "method": part.method.as_str(),
            "url": part.target(),
            "headers": headers,
            // The counts of lists are in the headers.
            "exclude_response_headers": false,
        });
        if let (Some(body), Some(members)) = (&part.body, whole.as_object_mut()) {
            members.insert("body".to_owned(), BASE64_STANDARD.encode(body).into());
        }
        whole
    };
    let name = if path == Request::BATCH { "reads" } else { "writes" };
    let parts: Vec<Value> = parts.iter().enumerate().map(part).collect();
    let mut request = Request::new(Method::Post, path);
    for (name, value) in [("Accept", "application/json"), ("Content-Type", "application/json")] {
        request.headers.push((name.to_owned(), value.to_owned()));
    }
    request.body = Some(json!({"batch_request_id": name, "rest_requests": parts}).to_string());
    request
}

/// What a batch answers. It has no `result`, so an error in its place is looked for as anywhere else.
pub(crate) fn read(request: &Request, response: &Response) -> Result<Value, ServiceError> {
    let document: Option<Value> = serde_json::from_slice(&response.body).ok();
    match document {
        Some(document) if response.status == 200 && document.get("serviced_requests").is_some() => {
            Ok(document)
        }
        _ => match answer::classify(request, response) {
            Err(error) => Err(error),
            Ok(_) => Err(ServiceError::new(Kind::NotServiceNow, request, "the answer is that of no batch")),
        },
    }
}

fn answers(document: &Value, count: usize) -> Vec<Option<Response>> {
    let parts = document.get("serviced_requests").and_then(Value::as_array).into_iter().flatten();
    let mut by_id: HashMap<String, Response> = parts.filter_map(answer).collect();
    (0..count).map(|number| by_id.remove(&number.to_string())).collect()
}

fn answer(part: &Value) -> Option<(String, Response)> {
    let id = match part.get("id")? {
        Value::String(id) => id.clone(),
        other => other.to_string(),
    };
    let status = part.get("status_code").and_then(Value::as_u64).and_then(|it| u16::try_from(it).ok())?;
    let body = part.get("body").and_then(Value::as_str).unwrap_or_default();
    let body = BASE64_STANDARD.decode(body).ok()?;
    let text = |header: &Value, name: &str| header.get(name).and_then(Value::as_str).map(str::to_owned);
    let headers = part.get("headers").and_then(Value::as_array).into_iter().flatten();
    let headers = headers.filter_map(|it| Some((text(it, "name")?, text(it, "value")?))).collect();
    Some((id, Response { status, headers, body }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads() -> Vec<Request> {
        let mut read = Request::new(Method::Get, "/api/now/table/sys_alias");
        read.query.push(("sysparm_query".to_owned(), "name=a b".to_owned()));
        read.headers.push(("Accept".to_owned(), "application/json".to_owned()));
        vec![read.clone(), read]
    }

    #[test]
    fn reads_become_parts_with_texts_as_ids_and_encoded_addresses() {
        let request = request(Request::BATCH, &reads());
        assert_eq!((request.method, request.path.as_str()), (Method::Post, "/api/now/v1/batch"));
        let document: Value = serde_json::from_str(request.body.as_deref().unwrap()).unwrap();
        let part = &document["rest_requests"][1];
        assert_eq!(part["id"], "1");
        assert_eq!(part["method"], "GET");
        assert_eq!(part["url"], "/api/now/table/sys_alias?sysparm_query=name%3Da%20b");
        assert_eq!(part["headers"][0], json!({"name": "Accept", "value": "application/json"}));
    }

    #[test]
    fn writes_travel_under_the_path_that_is_no_read_with_their_bodies_encoded() {
        let mut write = Request::new(Method::Patch, "/api/now/table/http_connection/1");
        write.body = Some(r#"{"active":"true"}"#.to_owned());
        let request = request(Request::WRITES, &[write]);
        assert_eq!((request.path.as_str(), request.is_read()), ("/api/now/batch", false));
        let document: Value = serde_json::from_str(request.body.as_deref().unwrap()).unwrap();
        let body = BASE64_STANDARD.decode(document["rest_requests"][0]["body"].as_str().unwrap()).unwrap();
        assert_eq!(body, br#"{"active":"true"}"#);
    }

    #[test]
    fn a_part_is_read_as_if_it_had_come_alone_and_of_one_without_an_answer_nothing_is_known() {
        let part = Request::new(Method::Patch, "/api/now/table/http_connection/1");
        let id = SysId::from_bytes([1; 16]);
        let of = |status, body: &str| {
            outcome(
                &part,
                &id,
                Some(Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() }),
            )
        };
        assert_eq!(of(200, r#"{"result":{"active":"true"}}"#).unwrap().text("active"), "true");
        let refused =
            of(403, r#"{"error":{"message":"Operation Failed","detail":"aborted by Business Rule 'x'"}}"#);
        assert_eq!(refused.unwrap_err().kind, Kind::Refused);
        assert!(outcome(&part, &id, None).unwrap_err().kind.may_have_taken_effect());
    }

    #[test]
    fn answers_are_matched_by_id_and_what_was_not_serviced_has_none() {
        let part = |id: Value, body: &str| {
            json!({"id": id, "status_code": 200, "body": BASE64_STANDARD.encode(body),
                "headers": [{"name": "X-Total-Count", "value": "7"}]})
        };
        let document = json!({
            "serviced_requests": [part(json!(2), "second"), part(json!("0"), "first"), {"id": "3", "status_code": 200, "body": "*"}],
            "unserviced_requests": ["1"],
        });
        let answers = answers(&document, 4);
        let bodies: Vec<Option<&[u8]>> =
            answers.iter().map(|it| it.as_ref().map(|it| &it.body[..])).collect();
        assert_eq!(bodies, [Some(&b"first"[..]), None, Some(&b"second"[..]), None]);
        assert_eq!(answers[0].as_ref().unwrap().header("x-total-count"), Some("7"));
    }

    #[test]
    fn what_is_no_answer_of_a_batch_is_an_error() {
        let request = request(Request::BATCH, &reads());
        for (status, body, kind) in [
            (
                401,
                r#"{"error":{"message":"User Not Authenticated"},"status":"failure"}"#,
                Kind::Unauthenticated,
            ),
            (
                403,
                r#"{"error":{"message":"User Not Authorized","detail":"Failed API level ACL Validation"}}"#,
                Kind::Forbidden,
            ),
            (
                400,
                r#"{"error":{"message":"Requested URI does not represent any resource"}}"#,
                Kind::BadRequest,
            ),
            (200, r#"{"result":[]}"#, Kind::NotServiceNow),
            (200, r#"{"serviced_requests":["#, Kind::Lost),
            (200, "<html></html>", Kind::NotServiceNow),
        ] {
            let response = Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() };
            assert_eq!(read(&request, &response).unwrap_err().kind, kind, "{body}");
        }
    }
}
