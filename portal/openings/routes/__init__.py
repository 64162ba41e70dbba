"""Openings: the public list and pages, the editor of their coordinators, and the hosts."""

from fastapi import APIRouter

from portal.openings.routes import editing, hosts, reading

ROUTERS: tuple[APIRouter, ...] = (reading.router, editing.router, hosts.router)
