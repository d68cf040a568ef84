"""What schemathesis cannot know of this service: the values of its scalars, and whose fault its codes say that it was."""

import schemathesis
from hypothesis import strategies as st
from schemathesis.graphql import nodes
from schemathesis.specs.graphql import validation

schemathesis.graphql.scalar("Date", st.dates().map(str).map(nodes.String))
schemathesis.graphql.scalar(
    "DateTime", st.datetimes().map(lambda time: time.isoformat() + "Z").map(nodes.String)
)
for scalar in ("Decimal", "Figure"):
    figures = st.decimals(allow_nan=False, allow_infinity=False, places=4)
    schemathesis.graphql.scalar(scalar, figures.map(str).map(nodes.String))

# It takes every code that it does not know for a fault of the service. There is no setting for it; its version is pinned.
validation.CLIENT_ERROR_MARKERS |= {
    "FORBIDDEN",
    "NOT_FOUND",
    "QUERY_TOO_COMPLEX",
    "RATE_LIMITED",
    "STALE_VERSION",
    "UNAUTHENTICATED",
}
validation.SERVER_ERROR_MARKERS |= {"INTERNAL", "TIMEOUT"}
