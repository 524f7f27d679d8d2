# By its table and its number or name, or by its table and its sys_id.
terraform import servicenow_record.orders sc_req_item/RITM0010042
