# A requested item: its columns are named, and all others are left alone.
resource "servicenow_record" "orders" {
  table  = "sc_req_item"
  fields = { number = "RITM0010042", short_description = "A keyboard", quantity = "2" }
}
