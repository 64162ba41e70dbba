import threading

import pytest

from portal.accounts import passwords
from portal.errors import TooMany

COMMON = [
    "password1234", "P@ssw0rd12345", "qwertyuiop12", "1q2w3e4r5t6y", "zaq1zaq1zaq1", "123456789012", "aaaaaaaaaaaa",
    "abcabcabcabc", "iloveyou2026", "Sunshine-Dragon", "drowssap1234", "Pionear-2026-Youth", "near-near-near!",
    "пароль123456", "мойпароль2026", "йцукенгшщзхъ", "gfhjkm123456", "владивосток1", "стажировка2027",
    "비밀번호123456", "비밀번호비밀번호비밀번호", "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹ", "qlalfqjsgh1234",
    "경상북도경상북도12",
    "パスワード123456", "ぱすわーどぱすわーど", "himitsu123456", "密码123456789", "我爱你我爱你我爱你",
    "woaini520520520",
    "нууцүг123456", "монголулаанбаатар", "ulaanbaatar1",
]  # fmt: skip
UNCOMMON = [
    "correct horse battery staple", "tallinn fjord opal 77", "красная лодка у причала", "우리집마당에감나무한그루",
    "昨夜の雨で川が増えた話", "在窗台上种了三棵番茄苗", "намрын шар навч хийсэв", "vK3$mm9!qLz0",
]  # fmt: skip


@pytest.mark.parametrize("password", COMMON)
def test_what_a_guesser_tries_early_is_refused(password: str) -> None:
    assert len(password) >= passwords.SHORTEST or not password.isascii()
    assert passwords.is_common(passwords.normal(password))


@pytest.mark.parametrize("password", UNCOMMON)
def test_what_nobody_guesses_is_not(password: str) -> None:
    assert not passwords.is_common(passwords.normal(password))


def test_the_list_is_long_and_in_its_one_form() -> None:
    listed = passwords._listed()
    assert len(listed) > 4000
    assert all(passwords.normal(word).casefold() == word for word in listed)


@pytest.mark.parametrize(("password", "name", "email", "named"), [
    ("anna karenina wept", "Anna K.", "x@example.org", True),
    ("quiet lagoon 2041", "Anna", "lagoon@example.org", True),
    ("quiet lagoon 2041", "Li", "li@example.org", False),
    ("바람이분다 김민수 살아야지", "김민수", "x@example.org", True),
    ("QUIET ＡＮＮＡ lagoon", "anna", "x@example.org", True),
])  # fmt: skip
def test_nobody_is_their_own_password(password: str, name: str, email: str, named: bool) -> None:
    assert passwords.names_its_owner(password, name, email) is named


def test_hashes_are_argon2id_with_the_parameters_we_say() -> None:
    kept = passwords.make_hash("quiet lagoon 2041")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert kept.rsplit("$", 2)[0] == passwords.NOBODYS.rsplit("$", 2)[0], "nobody's takes as long"
    assert passwords.is_right("quiet lagoon 2041", kept)
    assert not passwords.is_right("quiet lagoon 2042", kept)


@pytest.mark.parametrize("kept", [None, "", "!"])
def test_no_hash_matches_nothing(kept: str | None) -> None:
    assert not passwords.is_right("quiet lagoon 2041", kept)


def test_only_so_many_are_hashed_at_once() -> None:
    """All cores busy and the queue full: the next is sent away at once; afterwards there is room again."""
    inside = threading.Semaphore(0)
    leave = threading.Event()

    def busy() -> None:
        with passwords._turn():
            inside.release()
            leave.wait(10)

    threads = [threading.Thread(target=busy) for _ in range(passwords.CORES + passwords.QUEUE)]
    for thread in threads:
        thread.start()
    for _ in range(passwords.CORES):
        assert inside.acquire(timeout=5)
    assert not inside.acquire(timeout=0.05), "the others wait"
    while passwords._admitted._value:
        pass
    with pytest.raises(TooMany):
        passwords.make_hash("quiet lagoon 2041")
    leave.set()
    for thread in threads:
        thread.join()
    assert passwords.make_hash("quiet lagoon 2041")
