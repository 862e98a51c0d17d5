"""The demo city's people as WeChat sees them: login codes that may be used again and again."""

CODES = (
    "demo-member",
    *(f"demo-member-{number}" for number in range(2, 10)),
    "demo-community-secretary",
    "demo-branch-secretary",
    "demo-unit-contact",
    "demo-street-officer",
    "demo-district-officer",
    "demo-city-officer",
    "demo-newcomer",
    "demo-resident",
)

OPENIDS = {code: f"sandbox-openid-{code}" for code in CODES}

# No Chinese mobile number begins with 100.
PHONE_CODES = {"demo-newcomer-phone": "10000000012"}
