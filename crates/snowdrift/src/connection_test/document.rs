//! What tests of connections came to, as a document with a published JSON Schema.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::report::ConnectionLine;

/// The version of the document. It grows when a reader of the version before could not understand it any more.
pub const FORMAT_VERSION: u32 = 1;

/// Tests of connections. Nothing in here is a secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "snowdrift connection test report")]
#[serde(deny_unknown_fields)]
pub struct TestReport {
    /// The version of this document's form.
    pub format_version: u32,
    /// Which version of snowdrift wrote it.
    pub snowdrift_version: String,
    /// When the tests began, in UTC, such as `2026-11-22T12:00:00Z`.
    pub began: String,
    /// What the instance is called.
    pub instance: String,
    /// The tests, by integration and connection.
    pub connections: Vec<ConnectionTest>,
}

/// The test of one connection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectionTest {
    /// The integration.
    pub integration: String,
    /// What people call the connection.
    pub name: String,
    /// The id of its record.
    pub sys_id: String,
    /// Where it leads, without user, password and query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// Whether it is active.
    pub active: bool,
    /// From where was asked.
    pub vantage_point: String,
    /// Whether no stage failed.
    pub passed: bool,
    /// Every stage, in order.
    pub stages: Vec<Step>,
}

impl ConnectionTest {
    /// What the stages of a connection come to.
    pub fn new(
        integration: String,
        line: ConnectionLine,
        vantage_point: String,
        stages: Vec<Step>,
    ) -> ConnectionTest {
        ConnectionTest {
            integration,
            name: line.name,
            sys_id: line.sys_id,
            endpoint: line.endpoint,
            active: line.active,
            vantage_point,
            passed: stages.iter().all(|it| it.outcome != Outcome::Failed),
            stages,
        }
    }
}

/// One stage of a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Which.
    pub stage: Stage,
    /// What it came to.
    pub outcome: Outcome,
    /// In words.
    pub detail: String,
}

impl Step {
    /// A stage with its outcome.
    pub fn new(stage: Stage, outcome: Outcome, detail: impl Into<String>) -> Step {
        Step { stage, outcome, detail: detail.into() }
    }
}

/// The stages, in the order in which a request meets them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// What the name of the host stands for.
    Name,
    /// Whether anybody takes a connection there.
    Tcp,
    /// Whether it is encrypted and whom the certificate is of.
    Tls,
    /// A proxy on the way.
    Proxy,
    /// Whether the other system knows who asks.
    Authentication,
    /// Whether it allows that.
    Authorisation,
    /// Whether the answer is what a program can use.
    Content,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Stage; 7] = [
        Stage::Name,
        Stage::Tcp,
        Stage::Tls,
        Stage::Proxy,
        Stage::Authentication,
        Stage::Authorisation,
        Stage::Content,
    ];

    /// As people read it.
    pub fn word(self) -> &'static str {
        match self {
            Stage::Name => "name",
            Stage::Tcp => "TCP",
            Stage::Tls => "TLS",
            Stage::Proxy => "proxy",
            Stage::Authentication => "authentication",
            Stage::Authorisation => "authorisation",
            Stage::Content => "content",
        }
    }
}

/// What a stage came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is as it has to be.
    Passed,
    /// It is not.
    Failed,
    /// It cannot be told from here, because nothing was signed in with.
    Open,
    /// There is no such stage on this way.
    Skipped,
    /// A stage before failed.
    NotReached,
}

impl Outcome {
    /// As people read it.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Passed => "passed",
            Outcome::Failed => "FAILED",
            Outcome::Open => "open",
            Outcome::Skipped => "-",
            Outcome::NotReached => "not reached",
        }
    }
}
