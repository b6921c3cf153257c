"""The narrowest moment: killed after the commit, before Temporal knows. The books would show a second effect."""

from __future__ import annotations

import asyncpg

from tests.clinic import invocation
from tests.conftest import until
from tests.crash.ledger import Run, differences, read_books
from tests.crash.site import Site, kill
from tests.crash.traffic import to_the_end

# Claims under a name nobody else will use are claims nobody is stopped by.
_FORGETTING_CLAIMS = """
CREATE FUNCTION public.forget_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.run_id := NEW.run_id || '-' || gen_random_uuid();
    RETURN NEW;
END;
$$;
CREATE TRIGGER forget_claim BEFORE INSERT ON writ.step FOR EACH ROW EXECUTE FUNCTION public.forget_claim();
"""


async def killed_after_the_commit(site: Site, superuser: asyncpg.Connection) -> Run:
    """A run whose worker is killed while its transaction is committed and its audit row is not written yet."""
    wanted = invocation("add_practitioner", {"name": "Dr Moreau", "speciality": "general"}, "front-desk", "reception")
    worker = await site.start_worker()

    async def committed() -> bool:
        return bool(await superuser.fetchval("SELECT count(*) FROM clinic.practitioner"))

    async with superuser.transaction():
        await superuser.execute("LOCK TABLE writ.audit IN SHARE MODE")
        await site.runs.start("narrow", wanted, wanted.tool)
        await until(committed)
        await kill(worker)
    await site.start_worker()
    return Run("narrow", wanted, await to_the_end(site.runs, "narrow", wanted))


async def test_a_run_killed_between_commit_and_answer_is_done_once(site: Site) -> None:
    superuser = await asyncpg.connect(site.postgres.superuser_url)
    run = await killed_after_the_commit(site, superuser)
    await superuser.close()
    books = await read_books(site.postgres.superuser_url)
    assert run.answered
    assert [row["id"] for row in books.practitioner] == [run.outcome.response["practitioner"]]
    assert differences([run], books) == []


async def test_without_claims_it_is_done_twice_and_the_books_show_it(site: Site) -> None:
    superuser = await asyncpg.connect(site.postgres.superuser_url)
    await superuser.execute(_FORGETTING_CLAIMS)
    run = await killed_after_the_commit(site, superuser)
    await superuser.close()
    books = await read_books(site.postgres.superuser_url)
    assert len(books.practitioner) == 2
    found = {(each.kind, each.what.split()[1]) for each in differences([run], books)}
    assert ("duplicate", "practitioner") in found
    assert ("duplicate", "transaction") in found
