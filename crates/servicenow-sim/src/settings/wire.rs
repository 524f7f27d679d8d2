//! Settings of the web services: what they answer, who may ask, and how much.

use super::{Allowed, Setting};

/// Whether rows are counted before or after access controls hide some.
pub const TOTAL_COUNT: &str = "total_count";
/// What a list of a table answers that the user may not read.
pub const UNREADABLE_TABLE: &str = "unreadable_table";
/// What becomes of a condition on a column that the user may not read.
pub const UNREADABLE_COLUMN_IN_QUERY: &str = "unreadable_column_in_query";
/// Whether a write that names a column without write access is saved without it.
pub const UNWRITABLE_COLUMN: &str = "unwritable_column";
/// How long a session may rest.
pub const SESSION_TIMEOUT_MS: &str = "session_timeout_ms";
/// The second factor behind passwords.
pub const MFA_CODE: &str = "mfa_code";
/// Whether an API key needs an access policy.
pub const API_KEY_NEEDS_POLICY: &str = "api_key_needs_policy";
/// What is answered to somebody who created a row that it may not read.
pub const UNREADABLE_RESULT: &str = "unreadable_result";
/// Whether users see rows of other domains.
pub const DOMAIN_SEPARATION: &str = "domain_separation";
/// What the token endpoint says when it gives no token.
pub const OAUTH_ERRORS: &str = "oauth_errors";
/// Whether the headers Accept and Content-Type must be there.
pub const CONTENT_RULES: &str = "content_rules";
/// How long path and query of a request may be.
pub const URL_LENGTH_MAX: &str = "url_length_max";
/// The status of a write whose answer shall have no body.
pub const NO_BODY_STATUS: &str = "no_body_status";
/// Whether the access controls of the APIs themselves are active.
pub const API_ACCESS_CONTROL: &str = "api_access_control";
/// Rows that the processor JSONv2 gives at most.
pub const JSON_V2_ROWS_MAX: &str = "json_v2_rows_max";
/// How long a batch may take.
pub const BATCH_QUOTA_MS: &str = "batch_quota_ms";
/// How large the body of a request in a batch may be.
pub const BATCH_INPUT_BYTES_MAX: &str = "batch_input_bytes_max";
/// How large the answer to a request in a batch may be.
pub const BATCH_OUTPUT_BYTES_MAX: &str = "batch_output_bytes_max";
/// How long a request may take.
pub const TRANSACTION_QUOTA_MS: &str = "transaction_quota_ms";
/// Threads of the node that serve web services.
pub const SEMAPHORE_THREADS: &str = "semaphore_threads";
/// Requests that may wait for a thread.
pub const SEMAPHORE_QUEUE: &str = "semaphore_queue";
/// What is answered when the queue of a node is full.
pub const QUEUE_FULL_BODY: &str = "queue_full_body";
/// Requests that may wait in a session.
pub const SESSION_WAITERS_MAX: &str = "session_waiters_max";
/// How long a request waits in a session.
pub const SESSION_WAIT_MAX_MS: &str = "session_wait_max_ms";
/// How late a node tells what it has counted.
pub const RATE_LIMIT_LAG_MS: &str = "rate_limit_lag_ms";
/// How large the body of a request may be.
pub const BODY_BYTES_MAX: &str = "body_bytes_max";
/// How large the body of a request to a scripted web service may be.
pub const SCRIPTED_BODY_BYTES_MAX: &str = "scripted_body_bytes_max";
/// The same for a compressed body.
pub const SCRIPTED_GZIP_BYTES_MAX: &str = "scripted_gzip_bytes_max";
/// Whether only administrators write system columns.
pub const ADMIN_ONLY_SYSTEM_FIELDS: &str = "admin_only_system_fields";
/// Which value of a parameter leaves system columns to the caller.
pub const SUPPRESSES_SYSTEM_FIELDS: &str = "suppresses_system_fields";
/// Which host links name.
pub const LINKS_NAME: &str = "links_name";
/// Who counts as one of the company's own people.
pub const INTERNAL_ROLE: &str = "internal_role";
/// How the signature of a signed request is written.
pub const SIGNATURE_ENCODING: &str = "signature_encoding";
/// What the first request of nobody meets at the Attachment API.
pub const ATTACHMENT_CHALLENGE: &str = "attachment_challenge";
/// What an import without a transform map answers.
pub const IMPORT_WITHOUT_MAP: &str = "import_without_map";

/// The settings.
pub const WIRE: &[Setting] = &[
    Setting {
        name: TOTAL_COUNT,
        allowed: Allowed::Words(&["before_access", "after_access"]),
        default: "before_access",
        meaning: "Whether X-Total-Count counts rows that access controls then hide.",
        source: "documented that it may exceed the visible rows",
    },
    Setting {
        name: UNREADABLE_TABLE,
        allowed: Allowed::Words(&["empty", "forbidden"]),
        default: "empty",
        meaning: "What a list of a table answers that the user may not read at all: no rows, or 403.",
        source: "no rows is documented and seen; the refusal is assumed",
    },
    Setting {
        name: UNREADABLE_COLUMN_IN_QUERY,
        allowed: Allowed::Words(&["dropped", "forbidden"]),
        default: "dropped",
        meaning: "A condition on a column that the user may not read is left out, or the request is refused.",
        source: "assumed",
    },
    Setting {
        name: UNWRITABLE_COLUMN,
        allowed: Allowed::Words(&["dropped", "forbidden"]),
        default: "dropped",
        meaning: "A written column without write access keeps what it has and the rest is saved, or the \
                  whole write is refused.",
        source: "assumed; a support article knows access controls that silence columns",
    },
    Setting {
        name: SESSION_TIMEOUT_MS,
        allowed: Allowed::Milliseconds,
        default: "60000",
        meaning: "Milliseconds that a session may rest before its cookie stands for nobody.",
        source: "documented: property glide.integration.session_timeout, one to five minutes",
    },
    Setting {
        name: MFA_CODE,
        allowed: Allowed::Text,
        default: "",
        meaning: "The code that users with a second factor put behind their password; none means that web \
                  services do not ask for it.",
        source: "documented: not asked for since Yokohama; the code itself is a wish of whoever tests",
    },
    Setting {
        name: API_KEY_NEEDS_POLICY,
        allowed: Allowed::Words(&["true", "false"]),
        default: "true",
        meaning: "Whether an API key is taken only where a REST API access policy admits API keys.",
        source: "documented",
    },
    Setting {
        name: UNREADABLE_RESULT,
        allowed: Allowed::Words(&["forbidden", "shown"]),
        default: "forbidden",
        meaning: "What is answered to somebody who creates a row that it may not read: 403 although the row \
                  is there, or the row.",
        source: "the title of a support article; the words of the answer are assumed",
    },
    Setting {
        name: DOMAIN_SEPARATION,
        allowed: Allowed::Words(&["false", "true"]),
        default: "false",
        meaning: "Whether rows of domains that are neither global nor the user's own are out of sight, unless \
                  sysparm_query_no_domain lifts that.",
        source: "documented; off unless a plugin is active",
    },
    Setting {
        name: OAUTH_ERRORS,
        allowed: Allowed::Words(&["server_error", "precise"]),
        default: "server_error",
        meaning: "What the token endpoint says when it gives no token: server_error whatever the cause, or \
                  which of client, grant, kind of grant and request is wrong.",
        source: "seen by several clients; some have seen the precise words",
    },
    Setting {
        name: CONTENT_RULES,
        allowed: Allowed::Words(&["lenient", "strict"]),
        default: "lenient",
        meaning: "Whether a request without Accept, or a write without Content-Type, is refused with 400.",
        source: "documented as refused; working clients leave them out",
    },
    Setting {
        name: URL_LENGTH_MAX,
        allowed: Allowed::Number(1000, 1_000_000),
        default: "10000",
        meaning: "Characters of path and query; a longer request is answered with an HTML page and 414.",
        source: "seen: 23000 characters are too long; the exact bound is assumed",
    },
    Setting {
        name: NO_BODY_STATUS,
        allowed: Allowed::Words(&["usual", "200", "204"]),
        default: "usual",
        meaning: "The status of a write with X-no-response-body: the usual one of its verb, 200 or 204.",
        source: "assumed; the header is documented, the status is not",
    },
    Setting {
        name: API_ACCESS_CONTROL,
        allowed: Allowed::Words(&["inactive", "active"]),
        default: "inactive",
        meaning: "Whether the Table, Aggregate and Attachment APIs need the role snc_platform_rest_api_access or rest_service.",
        source: "documented: these access controls ship inactive",
    },
    Setting {
        name: JSON_V2_ROWS_MAX,
        allowed: Allowed::Number(1, 1_000_000),
        default: "10000",
        meaning: "Rows that the processor JSONv2 gives at most.",
        source: "documented: property glide.processor.json.row_limit; its default is assumed",
    },
    Setting {
        name: BATCH_QUOTA_MS,
        allowed: Allowed::Milliseconds,
        default: "30000",
        meaning: "Milliseconds after which the rest of a batch is left unserviced.",
        source: "documented: rule REST Batch API request timeout",
    },
    Setting {
        name: BATCH_INPUT_BYTES_MAX,
        allowed: Allowed::Number(1, 10_485_760),
        default: "5242880",
        meaning: "Bytes of the body of a request in a batch.",
        source: "documented: property glide.rest.batch.max.inputSize",
    },
    Setting {
        name: BATCH_OUTPUT_BYTES_MAX,
        allowed: Allowed::Number(1, 10_485_760),
        default: "10485760",
        meaning: "Bytes of the answer to a request in a batch.",
        source: "documented: property glide.rest.batch.max.outputSize",
    },
    Setting {
        name: TRANSACTION_QUOTA_MS,
        allowed: Allowed::Milliseconds,
        default: "60000",
        meaning: "Milliseconds after which a request to a table is cut off with an error in its answer.",
        source: "documented: rule REST Table API request timeout",
    },
    Setting {
        name: SEMAPHORE_THREADS,
        allowed: Allowed::Number(0, 64),
        default: "4",
        meaning: "Requests that the node works on at a time; the others wait. 0 is without bound. It counts where answers \
                  take time: over HTTP, with latency.",
        source: "documented: pool API_INT",
    },
    Setting {
        name: SEMAPHORE_QUEUE,
        allowed: Allowed::Number(0, 10_000),
        default: "50",
        meaning: "Requests that wait for a thread; one more is refused with a bare 429.",
        source: "documented: pool API_INT",
    },
    Setting {
        name: QUEUE_FULL_BODY,
        allowed: Allowed::Words(&["empty", "html"]),
        default: "empty",
        meaning: "The body of the 429 of a full queue.",
        source: "assumed",
    },
    Setting {
        name: SESSION_WAITERS_MAX,
        allowed: Allowed::Number(0, 1000),
        default: "10",
        meaning: "Requests that wait in a session; one more is answered with an empty 202 and not done.",
        source: "documented",
    },
    Setting {
        name: SESSION_WAIT_MAX_MS,
        allowed: Allowed::Milliseconds,
        default: "120000",
        meaning: "Milliseconds that a request waits in a session before it is answered with an empty 202 and not done.",
        source: "documented",
    },
    Setting {
        name: RATE_LIMIT_LAG_MS,
        allowed: Allowed::Milliseconds,
        default: "0",
        meaning: "Milliseconds between the moments at which a node tells what it has counted for rate limits.",
        source: "documented: 30 seconds; at once by default, so that a test need not wait",
    },
    Setting {
        name: BODY_BYTES_MAX,
        allowed: Allowed::Number(1, 26_214_400),
        default: "10485760",
        meaning: "Bytes of the body of a request; a larger one is refused with 400.",
        source: "documented: property glide.rest.max_content_length, 25 megabytes at most",
    },
    Setting {
        name: SCRIPTED_BODY_BYTES_MAX,
        allowed: Allowed::Number(1, 26_214_400),
        default: "10485760",
        meaning: "Bytes of the body of a request to a scripted web service; a larger one is refused with 400.",
        source: "documented: property glide.rest.scripted.max_inbound_content_length_mb",
    },
    Setting {
        name: SCRIPTED_GZIP_BYTES_MAX,
        allowed: Allowed::Number(1, 26_214_400),
        default: "1048576",
        meaning: "Bytes of a compressed body of a request to a scripted web service; a larger one is refused with 400.",
        source: "documented as a property; its full name is assumed",
    },
    Setting {
        name: ADMIN_ONLY_SYSTEM_FIELDS,
        allowed: Allowed::Words(&["false", "true"]),
        default: "false",
        meaning: "Whether sys_id, sys_created_by, sys_created_on, sys_updated_by and sys_updated_on of a written body \
                  count only when an administrator wrote it.",
        source: "documented: property glide.rest.table_api.admin_only_sys_fields",
    },
    Setting {
        name: SUPPRESSES_SYSTEM_FIELDS,
        allowed: Allowed::Words(&["true", "false", "never"]),
        default: "true",
        meaning: "The value of sysparm_suppress_auto_sys_field with which a write keeps the system columns of its body \
                  and sets none itself.",
        source: "the parameter is documented; its texts contradict each other on the value",
    },
    Setting {
        name: LINKS_NAME,
        allowed: Allowed::Words(&["instance", "request"]),
        default: "instance",
        meaning: "Whether links in answers name the instance's own host, or the one in the request's Host header.",
        source: "documented: property glide.rest.replace_request_host_with_property",
    },
    Setting {
        name: INTERNAL_ROLE,
        allowed: Allowed::Words(&["everybody", "explicit"]),
        default: "everybody",
        meaning: "Who passes an operation that requires the role snc_internal: everybody without snc_external, or only \
                  who has the role.",
        source: "the column is official; that nobody has explicit roles without their plugin is assumed",
    },
    Setting {
        name: SIGNATURE_ENCODING,
        allowed: Allowed::Words(&["base64", "hex", "either"]),
        default: "either",
        meaning: "How the signature of a signed request is written.",
        source: "assumed; that requests can be signed is documented",
    },
    Setting {
        name: ATTACHMENT_CHALLENGE,
        allowed: Allowed::Words(&["401", "403"]),
        default: "401",
        meaning: "The status of a request to the Attachment API that proves nothing.",
        source: "documented: 401, and 403 in the release Australia",
    },
    Setting {
        name: IMPORT_WITHOUT_MAP,
        allowed: Allowed::Words(&["error_500", "empty_result"]),
        default: "error_500",
        meaning: "What an import answers whose staging table has no transform map: 500 although the row is there, or no \
                  results.",
        source: "documented that it may be 500",
    },
];
