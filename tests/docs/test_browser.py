"""Uses /docs in a headless Chromium as a person does: logs in, sends a request, reads the response.

The page may not request anything from another host, violate its Content-Security-Policy or log an error.
"""

import contextlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import element_to_be_clickable
from selenium.webdriver.support.wait import WebDriverWait

from tests.docs.session import LOGIN, Environment

TIMEOUT = 30
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1200,1300",
]
# Requests that go to no host.
LOCAL_SCHEMES = {"data", "blob", "about", "chrome"}
DIALOG = "//div[contains(@class, 'auth-container')][.//h4[contains(., 'OAuth2PasswordBearer')]]"
OPERATION = "//div[contains(@class, 'opblock')][.//span[@data-path='/v1/users/me']]"


@contextlib.contextmanager
def chromium() -> Iterator[webdriver.Chrome]:
    """Chromium with its own driver, both from Debian, and a temporary profile."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or "chromium"
    with tempfile.TemporaryDirectory(prefix="latchkey-docs-browser.") as profile:
        for flag in [*FLAGS, f"--user-data-dir={profile}"]:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        driver = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))
        try:
            yield driver
        finally:
            driver.quit()


def find(driver: webdriver.Chrome, path: str) -> WebElement:
    return WebDriverWait(driver, TIMEOUT).until(element_to_be_clickable((By.XPATH, path)), f"{path} is missing")


def log_in(driver: webdriver.Chrome, username: str, password: str) -> None:
    find(driver, "//button[contains(@class, 'btn authorize')]").click()
    find(driver, f"{DIALOG}//input[@id='oauth_username']").send_keys(username)
    find(driver, f"{DIALOG}//input[@id='oauth_password']").send_keys(password)
    find(driver, f"{DIALOG}//button[text()='Authorize']").click()
    find(driver, f"{DIALOG}//button[text()='Logout']")
    find(driver, f"{DIALOG}//button[text()='Close']").click()


def request_current_user(driver: webdriver.Chrome) -> tuple[str, dict]:
    """Sends `GET /v1/users/me` from the page; returns the status and the body that it shows."""
    find(driver, f"{OPERATION}//button[contains(@class, 'opblock-summary-control')]").click()
    find(driver, f"{OPERATION}//button[text()='Try it out ']").click()
    find(driver, f"{OPERATION}//button[text()='Execute']").click()
    response = f"{OPERATION}//table[contains(@class, 'live-responses-table')]//tr[@class='response']"
    status = find(driver, f"{response}/td[contains(@class, 'response-col_status')]").text.split()[0]
    body = find(driver, f"{response}//div[contains(@class, 'highlight-code')]//code").text
    driver.execute_script("arguments[0].scrollIntoView()", find(driver, OPERATION))
    return status, json.loads(body)


def read_log(driver: webdriver.Chrome, kind: str) -> list[Any]:
    log: list[Any] = driver.get_log(kind)  # type: ignore[no-untyped-call]
    return log


def requests(driver: webdriver.Chrome) -> list[str]:
    """The URLs of the requests that the browser has sent since the last call."""
    messages = [json.loads(entry["message"])["message"] for entry in read_log(driver, "performance")]
    return [
        message["params"]["request"]["url"] for message in messages if message["method"] == "Network.requestWillBeSent"
    ]


def test_docs_page(readme_server: Environment, pytestconfig: pytest.Config) -> None:
    username, password = LOGIN
    screenshot: Path = pytestconfig.getoption("screenshot")
    with chromium() as driver:
        driver.get(f"http://{readme_server.address}/docs")
        log_in(driver, username, password)
        status, user = request_current_user(driver)
        screenshot.parent.mkdir(parents=True, exist_ok=True)
        driver.save_screenshot(str(screenshot))
        assert (status, user["username"]) == ("200", username)
        hosts = {url.netloc for url in map(urlsplit, requests(driver)) if url.scheme not in LOCAL_SCHEMES}
        assert hosts == {readme_server.address}
        log = read_log(driver, "browser")
        assert [entry["message"] for entry in log if entry["level"] in ("SEVERE", "WARNING")] == []
