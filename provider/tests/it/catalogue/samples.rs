//! The configurations that every resource lives through, and what they refer to. A word after an at sign is an id.

use serde_json::{Value, json};

use super::PLANTED;

/// What is on the instance before, by table.
pub fn surroundings() -> Value {
    json!({
        "sys_scope": [{"sys_id": "@acme", "name": "Acme", "scope": "x_acme"}],
        "core_company": [{"sys_id": "@company", "name": "Acme Corporation"}, {"sys_id": "@rival", "name": "Rival"}],
        "sys_alias_templates": [
            {"sys_id": "@template", "name": "template-one", "dynamic_data_schema": "{}", "default_data_template": "{}"},
            {"sys_id": "@templat2", "name": "template-two", "dynamic_data_schema": "{}", "default_data_template": "{}"}
        ],
        "sys_alias": [
            {"sys_id": "@alias", "name": "base"},
            {"sys_id": "@alias2", "name": "second"},
            {"sys_id": "@parent", "name": "parent", "multiple_connections": "true"},
            {"sys_id": "@jdbc", "name": "base_jdbc", "connection_type": "jdbc_connection"},
            {"sys_id": "@basic", "name": "base_basic", "connection_type": "sys_connection"},
            {"sys_id": "@jms", "name": "base_jms", "connection_type": "orch_jms_ds"},
            {"sys_id": "@kafka", "name": "base_kafka", "connection_type": "kafka_connection"},
            {"sys_id": "@tag", "name": "tagged", "type": "credential"}
        ],
        "basic_auth_credentials": [
            {"sys_id": "@cred", "name": "someone", "user_name": "u"},
            {"sys_id": "@cred2", "name": "someone else", "user_name": "v"}
        ],
        "ecc_agent": [{"sys_id": "@mid", "name": "mid-one"}, {"sys_id": "@mid2", "name": "mid-two"}],
        "ecc_agent_cluster": [{"sys_id": "@cluster", "name": "cluster-one"}, {"sys_id": "@cluste2", "name": "cluster-two"}],
        "sys_protocol_profile": [
            {"sys_id": "@mutual", "name": "mutual", "protocol": "mauth"},
            {"sys_id": "@mutual2", "name": "mutual-two", "protocol": "mauth2"}
        ],
        "oauth_entity": [{"sys_id": "@issuer", "name": "issuer", "type": "consumer", "token_url": "https://t.example"}],
        "oauth_entity_profile": [
            {"sys_id": "@profile", "name": "flows", "oauth_entity": "@issuer"},
            {"sys_id": "@profil2", "name": "flows-two", "oauth_entity": "@issuer"}
        ],
        "oauth_entity_scope": [
            {"sys_id": "@scope", "name": "reading", "oauth_entity_scope": "read", "oauth_entity": "@issuer"},
            {"sys_id": "@scope2", "name": "writing", "oauth_entity_scope": "write", "oauth_entity": "@issuer"}
        ],
        "sys_user": [
            {"sys_id": "@caller", "user_name": "caller", "web_service_access_only": "true"},
            {"sys_id": "@calle2", "user_name": "caller-two", "web_service_access_only": "true"}
        ],
        "sys_auth_scope": [{"sys_id": "@orderin", "name": "orders"}, {"sys_id": "@alertin", "name": "alerts"}],
        "http_key_auth": [{"sys_id": "@keysone", "name": "keys-one"}],
        "std_http_auth": [{"sys_id": "@tokenon", "name": "tokens-one", "type": "oauth"}],
        "sys_security_acl": [
            {"sys_id": "@acl", "name": "acl-one", "type": "REST_Endpoint", "operation": "execute"},
            {"sys_id": "@acl2", "name": "acl-two", "type": "REST_Endpoint", "operation": "execute"}
        ],
        "x_snd_eb_process": [{"sys_id": "@process", "name": "Incident"}, {"sys_id": "@proces2", "name": "Change"}],
        "x_snd_eb_integration": [
            {"sys_id": "@integra", "name": "Orders", "process": "@process"},
            {"sys_id": "@integr2", "name": "Payments", "process": "@process"}
        ]
    })
}

/// The configurations by type, in the order in which one becomes the next.
pub fn samples() -> Value {
    let mut all = connections();
    for part in [brokers(), credentials(), others()] {
        all.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
    }
    all
}

fn connections() -> Value {
    json!({
        "servicenow_connection_alias": [
            {"name": "orders"},
            {"name": "orders_2", "type": "connection", "connection_type": "jdbc_connection", "description": "Where orders go",
             "multiple_connections": true, "retry_policy": "Default HTTP Retry Policy", "configuration_template": "template-one"},
            {"name": "orders_2", "description": "Child", "parent_id": "@parent"},
            {"name": "orders_3", "scope": "x_acme"}
        ],
        "servicenow_retry_policy": [
            {"name": "patient"},
            {"name": "busy", "connection_type": "http", "strategy": "exponential_backoff", "max_retries": 3,
             "interval_seconds": 5, "condition": "status_code=429^ORstatus_code=503"},
            {"name": "asked", "strategy": "retry_after", "max_elapsed_seconds": 60},
            {"name": "database", "connection_type": "jdbc", "max_retries": 1, "interval_seconds": 7, "scope": "x_acme"}
        ],
        "servicenow_http_connection": [
            {"name": "one", "connection_alias_id": "@alias", "connection_url": "https://one.example"},
            {"name": "two", "connection_alias_id": "@alias", "url_builder": true, "protocol": "http", "host": "two.example",
             "port": 8443, "base_path": "/api", "credential_id": "@cred", "connection_timeout_ms": 5000, "use_mid": true,
             "mid_selection": "auto_select", "mid_application": "IntegrationHub", "mid_capabilities": ["REST", "SSH"]},
            {"name": "two", "connection_alias_id": "@alias", "connection_url": "https://three.example", "use_mid": true,
             "mid_selection": "specific_mid_server", "mid_server": "mid-one"},
            {"name": "two", "connection_alias_id": "@alias", "connection_url": "https://three.example", "use_mid": true,
             "mid_selection": "specific_mid_cluster", "mid_cluster": "cluster-one", "active": false},
            {"name": "five", "connection_alias_id": "@alias2", "connection_url": "https://five.example",
             "mutual_auth": true, "protocol_profile": "mutual", "active": true, "on_active_destroy": "deactivate"}
        ],
        "servicenow_jdbc_connection": [
            {"name": "one", "connection_alias_id": "@jdbc", "format": "none",
             "connection_url": "jdbc:db2://one.example:50000/orders", "on_active_destroy": "deactivate"},
            {"name": "two", "connection_alias_id": "@jdbc", "format": "mysql", "host": "two.example", "port": 3307,
             "database_name": "orders", "credential_id": "@cred", "query_timeout_seconds": 30,
             "connection_timeout_seconds": 10, "use_mid": true, "mid_selection": "auto_select",
             "mid_application": "IntegrationHub", "mid_capabilities": ["JDBC"]},
            {"name": "two", "connection_alias_id": "@jdbc", "format": "oracle", "host": "three.example",
             "oracle_sid": "orders", "oracle_port": 1522, "use_mid": true, "mid_selection": "specific_mid_server",
             "mid_server": "mid-one"},
            {"name": "four", "connection_alias_id": "@jdbc", "format": "sqlserver", "host": "four.example",
             "instance_name": "SQL1", "jdbc_driver": "com.example.Driver", "use_mid": true,
             "mid_selection": "specific_mid_cluster", "mid_cluster": "cluster-one", "active": true, "on_active_destroy": "deactivate"}
        ],
        "servicenow_basic_connection": [
            {"name": "one", "connection_alias_id": "@basic", "host": "one.example", "on_active_destroy": "deactivate"},
            {"name": "two", "connection_alias_id": "@basic", "host": "two.example", "port": 2222, "credential_id": "@cred",
             "use_mid": true, "mid_selection": "auto_select", "mid_application": "Orchestration", "mid_capabilities": ["SSH"]},
            {"name": "two", "connection_alias_id": "@basic", "host": "two.example", "use_mid": true,
             "mid_selection": "specific_mid_server", "mid_server": "mid-one"},
            {"name": "two", "connection_alias_id": "@basic", "host": "two.example", "use_mid": true,
             "mid_selection": "specific_mid_cluster", "mid_cluster": "cluster-one", "active": true, "on_active_destroy": "deactivate"}
        ]
    })
}

fn brokers() -> Value {
    json!({
        "servicenow_jms_connection": [
            {"name": "one", "connection_alias_id": "@jms", "provider_url": "tcp://one.example:61616",
             "on_active_destroy": "deactivate"},
            {"name": "two", "connection_alias_id": "@jms", "provider_url": "tcp://two.example:61616",
             "initial_context_factory": "com.example.Factory", "credential_id": "@cred", "use_mid": true,
             "mid_selection": "auto_select", "mid_application": "Orchestration", "mid_capabilities": ["JDBC"]},
            {"name": "two", "connection_alias_id": "@jms", "provider_url": "tcp://two.example:61616", "use_mid": true,
             "mid_selection": "specific_mid_server", "mid_server": "mid-one"},
            {"name": "two", "connection_alias_id": "@jms", "provider_url": "tcp://two.example:61616", "use_mid": true,
             "mid_selection": "specific_mid_cluster", "mid_cluster": "cluster-one", "active": true, "on_active_destroy": "deactivate"}
        ],
        "servicenow_kafka_connection": [
            {"name": "one", "connection_alias_id": "@kafka", "bootstrap_servers": "one.example:9092",
             "on_active_destroy": "deactivate"},
            {"name": "two", "connection_alias_id": "@kafka", "bootstrap_servers": "two.example:9092",
             "consumer_group_id": "orders", "additional_client_properties": "max.poll.records=9", "credential_id": "@cred",
             "mid_selection": "auto_select", "mid_application": "Orchestration", "mid_capabilities": ["REST"]},
            {"name": "two", "connection_alias_id": "@kafka", "bootstrap_servers": "two.example:9092",
             "mid_selection": "specific_mid_server", "mid_server": "mid-one"},
            {"name": "two", "connection_alias_id": "@kafka", "bootstrap_servers": "two.example:9092",
             "mid_selection": "specific_mid_cluster", "mid_cluster": "cluster-one", "active": true, "on_active_destroy": "deactivate"}
        ]
    })
}

fn credentials() -> Value {
    json!({
        "servicenow_basic_auth_credential": [
            {"name": "one", "user_name": "u"},
            {"name": "two", "user_name": "v", "password_wo": PLANTED, "password_wo_version": "1", "order": 7, "active": false,
             "applies_to": "specific", "mid_servers": ["mid-one"], "credential_alias_ids": ["@tag"], "reassert_secret": true,
             "verify": {"path": "/health"}},
            {"name": "two", "use_external_store": true, "external_credential_id": "orders", "external_vault": "vault"}
        ],
        "servicenow_api_key_credential": [
            {"name": "one"},
            {"name": "two", "api_key_wo": PLANTED, "api_key_wo_version": "1", "header_name": "X-Key", "order": 7,
             "active": false, "applies_to": "specific", "mid_servers": ["mid-one"], "credential_alias_ids": ["@tag"],
             "reassert_secret": true, "verify": {"method": "HEAD"}},
            {"name": "two", "use_external_store": true, "external_credential_id": "orders", "external_vault": "vault"}
        ],
        "servicenow_oauth2_credential": [
            {"name": "one", "oauth_profile_id": "@profile"},
            {"name": "two", "oauth_profile_id": "@profil2", "connect_via_mid": true, "integration_type": "personal",
             "order": 7, "active": false, "applies_to": "specific", "mid_servers": ["mid-one", "mid-two"],
             "credential_alias_ids": ["@tag"]}
        ],
        "servicenow_ssh_private_key_credential": [
            {"name": "one", "user_name": "u"},
            {"name": "two", "user_name": "v", "private_key_wo": PLANTED, "private_key_wo_version": "1",
             "passphrase_wo": PLANTED, "passphrase_wo_version": "a", "order": 7, "active": false, "applies_to": "specific",
             "mid_servers": ["mid-one"], "credential_alias_ids": ["@tag"], "reassert_secret": true},
            {"name": "two", "use_external_store": true, "external_credential_id": "orders", "external_vault": "vault"}
        ],
        "servicenow_oauth_provider": [
            {"name": "one", "client_id": "c", "default_grant_type": "client_credentials", "token_url": "https://t.example/1"},
            {"name": "two", "client_id": "d", "authorization_url": "https://a.example", "token_url": "https://t.example/2",
             "token_revocation_url": "https://r.example", "redirect_url": "https://b.example", "client_secret_wo": PLANTED,
             "client_secret_wo_version": "1", "default_grant_type": "authorization_code", "code_challenge_method": "plain",
             "send_credentials": "basic_auth_header", "mutual_auth": true, "active": false,
             "accessible_from": "package_private", "comments": "For orders", "reassert_secret": true,
             "scopes": {"Orders, reading": {"scope": "orders:read"}, "Orders, writing": {"scope": "orders:write"}}},
            {"name": "two", "client_id": "d", "default_grant_type": "client_credentials", "token_url": "https://t.example/2",
             "public_client": true, "scopes": {"Orders, reading": {"scope": "orders:all"}}},
            {"name": "three", "client_id": "d", "default_grant_type": "client_credentials",
             "token_url": "https://t.example/2", "scope": "x_acme"}
        ],
        "servicenow_oauth_profile": [
            {"name": "one", "oauth_provider_id": "@issuer"},
            {"name": "two", "oauth_provider_id": "@issuer", "grant_type": "client_credentials", "default": true,
             "scopes": ["reading", "@scope2"]},
            {"name": "two", "oauth_provider_id": "@issuer", "scopes": ["writing"], "scope": "x_acme"}
        ],
        "servicenow_integration_user": [
            {"user_name": "orders.api"},
            {"user_name": "orders.api.2", "first_name": "Orders", "last_name": "API", "email": "orders@acme.example",
             "password_wo": PLANTED, "password_wo_version": "1", "active": false, "web_service_access_only": false,
             "identity_type": "unclassified", "roles": ["itil", "agent_admin"], "reassert_secret": true},
            {"user_name": "orders.api.2", "roles": ["itil", "web_service_admin"]}
        ]
    })
}

fn others() -> Value {
    json!({
        "servicenow_inbound_endpoint": [
            {"name": "Orders"},
            {"name": "Orders", "api_id": "orders_in", "version": 1, "description": "Orders come in", "active": true,
             "access_controls": ["acl-one"],
             "operations": {
                "read": {"path": "/{number}", "script": "// reads\n(function process() {})();\n"},
                "create": {"method": "POST", "path": "/", "script": "// creates", "requires_authentication": true,
                           "requires_access_control": false, "requires_internal_role": false,
                           "access_controls": ["acl-two"], "active": false, "description": "Creates one"}
             }},
            {"name": "Orders", "api_id": "orders_two", "version": 2, "active": false,
             "operations": {"read": {"path": "/one/{number}"}, "remove": {"method": "DELETE", "path": "/{number}"}}},
            {"name": "Orders of Acme", "scope": "x_acme", "operations": {"read": {}}}
        ],
        "servicenow_inbound_api_key": [
            {"name": "Orders", "user": "caller"},
            {"name": "Orders 2", "user": "caller", "description": "For the shop", "key_wo": PLANTED, "key_wo_version": "1",
             "reassert_secret": true, "scopes": ["orders"], "expires_at": "2031-01-31 00:00:00", "active": false},
            {"name": "Orders 2", "user": "caller", "scopes": ["orders", "alerts"]}
        ],
        "servicenow_api_key_profile": [
            {"name": "Keys"},
            {"name": "Keys in headers", "parameter": "x-orders-key", "location": "header", "active": false},
            {"name": "Keys of Acme", "scope": "x_acme"}
        ],
        "servicenow_api_access_policy": [
            {"name": "Orders", "api_path": "/acme/orders"},
            {"name": "Orders 2", "api_path": "/acme/orders", "method": "POST",
             "authentication_profiles": ["keys-one", "tokens-one"], "active": false},
            {"name": "Orders 2", "api_path": "/acme/orders", "authentication_profiles": ["keys-one"], "scope": "x_acme"}
        ],
        "servicenow_unifi_environment": [
            {"name": "Rehearsal"},
            {"name": "Training", "order": 600, "application": "x_snd_eb"}
        ],
        "servicenow_unifi_integration": [
            {"name": "Suppliers"},
            {"name": "Suppliers 2", "process": "Incident", "company": "Acme Corporation", "service_type": "soap",
             "message_format": "xml", "description": "With suppliers", "debug": true, "sync_timeout_seconds": 11,
             "async_timeout_seconds": 12, "mid_timeout_seconds": 13, "retry_delay_seconds": 14, "retry_limit": 15,
             "heartbeat_seconds": 16, "identify_message_script": "// which\nreturn 1;", "application": "x_snd_eb"}
        ],
        "servicenow_unifi_connection": [
            {"integration_id": "@integra", "environment": "Production"},
            {"integration_id": "@integra", "environment": "Test", "endpoint_url": "https://{company}.example/in",
             "authentication": "basic", "user": "svc", "password_wo": PLANTED, "password_wo_version": "1",
             "reassert_secret": true, "verify": {"timeout_seconds": 2}, "inbound_user": "caller", "mid_server": "mid-one",
             "instance_name": "instance", "active": false, "direction": "bidirectional",
             "variables": {"site": {"value": "north", "description": "Where"}, "zone": {"value": "7"}}},
            {"integration_id": "@integra", "environment": "Test", "authentication": "oauth", "oauth_profile": "flows",
             "mutual_auth": true, "protocol_profile": "mutual", "variables": {"site": {"value": "south"}}},
            {"integration_id": "@integr2", "environment": "Test", "active": true, "application": "x_snd_eb",
             "inbound_user": "caller-two", "on_active_destroy": "deactivate"}
        ]
    })
}
