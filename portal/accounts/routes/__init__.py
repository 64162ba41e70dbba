"""Pages of the entrance, of one's own account, and of people and their roles."""

from fastapi import APIRouter

from portal.accounts.routes import account, entrance, people

router = APIRouter()
router.include_router(entrance.router)
router.include_router(account.router)
router.include_router(people.router)
