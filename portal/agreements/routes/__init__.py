"""The pages of agreements, by who uses them."""

from portal.agreements.routes import deciding, guardians, reading, secretariat

ROUTERS = (reading.router, deciding.router, secretariat.router, guardians.router)
