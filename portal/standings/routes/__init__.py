"""The entrances to orders: the order itself, judges and bias, and what was kept."""

from fastapi import APIRouter

from portal.standings.routes import kept, order, readers

ROUTERS: tuple[APIRouter, ...] = (order.router, readers.router, kept.router)
