"""Interview times: the host's list, and the candidate's choice."""

from fastapi import APIRouter

from portal.interviews.routes import candidates, hosts

ROUTERS: tuple[APIRouter, ...] = (hosts.router, candidates.router)
