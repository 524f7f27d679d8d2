"""Uses the published client library pysnow against the instance whose address is given, as its own guide does."""
import sys
import pysnow

host, user, password = sys.argv[1:]
client = pysnow.Client(host=host, user=user, password=password, use_ssl=False)
client.parameters.display_value = False
connections = client.resource(api_path="/table/http_connection")

created = connections.create(payload={"name": "pysnow one", "active": "false", "connection_url": "https://one.example"}).one()
assert created["name"] == "pysnow one", created
sys_id = created["sys_id"]

query = pysnow.QueryBuilder().field("name").starts_with("pysnow").AND().field("active").equals("false")
assert [it["sys_id"] for it in connections.get(query=query, stream=True).all()] == [sys_id]
assert connections.get(query={"sys_id": sys_id}).one()["connection_url"] == "https://one.example"
changed = connections.update(query={"sys_id": sys_id}, payload={"connection_url": "https://two.example"}).one()
assert changed["connection_url"] == "https://two.example", changed
for n in range(25):
    connections.create(payload={"name": "pysnow page %02d" % n, "active": "false"})
pages = connections.get(query="nameSTARTSWITHpysnow page^ORDERBYname", limit=10, offset=20, fields=["name"]).all()
assert [it["name"] for it in pages] == ["pysnow page %02d" % n for n in range(20, 25)]
assert len(list(connections.get(query="nameSTARTSWITHpysnow page", stream=True).all())) == 25
connections.delete(query={"sys_id": sys_id})
assert connections.get(query={"sys_id": sys_id}).one_or_none() is None
try:
    connections.update(query={"sys_id": sys_id}, payload={"name": "x"})
    raise SystemExit("a missing record must be an error")
except pysnow.exceptions.NoResults:
    pass


def refused(resource, status):
    """The library raises for an answer that is a failure, and the platform's own status is in it."""
    try:
        resource.get(query={}).all()
    except Exception as error:
        assert str(status) in str(error), error
        return
    raise SystemExit("status %d must be an error" % status)


refused(client.resource(api_path="/table/sys_nothing"), 400)
wrong = pysnow.Client(host=host, user=user, password="wrong", use_ssl=False)
refused(wrong.resource(api_path="/table/http_connection"), 401)
print("done")
