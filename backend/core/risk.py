"""How dangerous something is for those who do it (spec 4.4): plain values every layer may read."""

import enum


class RiskClass(enum.StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
