# A monitoring system hands alerts to ServiceNow. It gets one endpoint with one operation, and an account that may call this
# operation and nothing else: the role has no other rights, and the account cannot be used in a browser.

terraform {
  required_version = ">= 1.11"

  required_providers {
    servicenow = {
      source = "snowdrift/servicenow"
    }
  }
}

# Instance, user name and password come from the environment: SERVICENOW_INSTANCE_URL, SERVICENOW_USERNAME,
# SERVICENOW_PASSWORD.
provider "servicenow" {}

variable "password" {
  description = "Password of the account. It is kept neither in the plan nor in the state."
  type        = string
  ephemeral   = true
}

variable "password_version" {
  description = "Another text hands over the password again."
  type        = string
  default     = "2026-01"
}

variable "access_control" {
  description = <<-TEXT
    Name or sys_id of an access control that lets the role call the operation. One is made here when nothing is given, which
    takes the role security_admin.
  TEXT
  type        = string
  default     = null
}

# Whoever has the role may call the operation.
resource "servicenow_record" "role" {
  table  = "sys_user_role"
  fields = { name = "monitoring_alerts", description = "Hands in alerts of the monitoring system" }
}

resource "servicenow_record" "access_control" {
  count = var.access_control == null ? 1 : 0

  table = "sys_security_acl"
  fields = {
    name      = "Monitoring alerts"
    type      = "REST_Endpoint"
    operation = "execute"
    active    = "true"
  }
}

resource "servicenow_record" "access_control_role" {
  count = var.access_control == null ? 1 : 0

  table = "sys_security_acl_role"
  fields = {
    sys_security_acl = servicenow_record.access_control[0].id
    sys_user_role    = servicenow_record.role.id
  }
}

resource "servicenow_integration_user" "monitoring" {
  user_name  = "svc.monitoring"
  first_name = "Monitoring"
  last_name  = "System"
  roles      = [servicenow_record.role.fields["name"]]

  password_wo         = var.password
  password_wo_version = var.password_version
}

resource "servicenow_inbound_endpoint" "alerts" {
  name        = "Monitoring alerts"
  api_id      = "monitoring_alerts"
  description = "Takes alerts of the monitoring system."

  operations = {
    receive = {
      method                 = "POST"
      path                   = "/alerts"
      access_controls        = [var.access_control == null ? servicenow_record.access_control[0].id : var.access_control]
      requires_internal_role = false
      script                 = <<-SCRIPT
        (function process(request, response) {
          var alert = new GlideRecord('em_event');
          alert.source = 'monitoring';
          alert.description = request.body.data.text;
          alert.insert();
          response.setStatus(202);
        })(request, response);
      SCRIPT
    }
  }

  # Without its role the access control would let everybody in who signs in.
  depends_on = [servicenow_record.access_control_role]
}

output "alerts_url" {
  description = "Where the monitoring system sends its alerts."
  value       = servicenow_inbound_endpoint.alerts.operation_urls["receive"]
}

output "user_name" {
  description = "Who it signs in as."
  value       = servicenow_integration_user.monitoring.user_name
}
