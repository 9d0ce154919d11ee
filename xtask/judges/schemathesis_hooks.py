"""What Schemathesis is told beside the contract: which answer leads to which request, and which request is not broken."""

import schemathesis

# The contract has no links: no page speaks of them. These are what a merchant does with an answer, where Schemathesis
# comes to ask for it.
PAID = {
    "queryPayment": {"parameters": {"merchantuniquecode": "$request.body#/PaymentDetail/MerchantUniqueCode"}},
    "queryPaymentById": {"parameters": {"paymentid": "$response.body#/Body/Payment/PaymentId"}},
    "queryPaymentByUniqueCode": {"parameters": {"uniquecode": "$response.body#/Body/Payment/UniqueCode"}},
    "revertPayment": {"requestBody": {"UniqueCode": "$response.body#/Body/Payment/UniqueCode"}},
}
LINKS = {
    "createTempToken": {"createTempCard": {"parameters": {"token": "$response.body#/Body/Token"}}},
    "startDirectPayment": PAID,
    "start3dPayment": PAID,
}


@schemathesis.hook
def before_load_schema(context, raw_schema):
    methods = [method for item in raw_schema["paths"].values() for method in item.values() if isinstance(method, dict)]
    operations = {method["operationId"]: method for method in methods if "operationId" in method}
    for source, links in LINKS.items():
        answer = operations[source]["responses"]["200"]
        answer["links"] = {target: {"operationId": operations[target]["operationId"], **how} for target, how in links.items()}


@schemathesis.hook
def filter_case(context, case):
    """HTTP lets whoever sends or passes on a request add headers, and OpenAPI has no way to forbid one."""
    return not any(name.lower().startswith("x-schemathesis-") for name in case.headers or ())
