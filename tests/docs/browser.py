"""Does in a headless Chromium what a person does at /docs: logs in, sends a request, reads the answer.

Fails when the page asks another host for anything, breaks its own Content-Security-Policy or logs an error.
"""

import contextlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import element_to_be_clickable
from selenium.webdriver.support.wait import WebDriverWait

TIMEOUT = 30
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--window-size=1200,1300",
]
# What is not asked of a host.
LOCAL_SCHEMES = {"data", "blob", "about", "chrome"}
DIALOG = "//div[contains(@class, 'auth-container')][.//h4[contains(., 'OAuth2PasswordBearer')]]"
OPERATION = "//div[contains(@class, 'opblock')][.//span[@data-path='/v1/users/me']]"


class Failed(Exception):
    """What a person must know."""


@contextlib.contextmanager
def chromium() -> Iterator[webdriver.Chrome]:
    """Chromium by its own driver, both as Debian has them, with a profile that is gone afterwards."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
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
    return WebDriverWait(driver, TIMEOUT).until(element_to_be_clickable((By.XPATH, path)), f"there is no {path}")


def log_in(driver: webdriver.Chrome, username: str, password: str) -> None:
    find(driver, "//button[contains(@class, 'btn authorize')]").click()
    find(driver, f"{DIALOG}//input[@id='oauth_username']").send_keys(username)
    find(driver, f"{DIALOG}//input[@id='oauth_password']").send_keys(password)
    find(driver, f"{DIALOG}//button[text()='Authorize']").click()
    find(driver, f"{DIALOG}//button[text()='Logout']")
    find(driver, f"{DIALOG}//button[text()='Close']").click()


def ask_who_is_calling(driver: webdriver.Chrome) -> tuple[str, dict]:
    """Sends `GET /v1/users/me` from the page; the status and the answer that it shows."""
    find(driver, f"{OPERATION}//button[contains(@class, 'opblock-summary-control')]").click()
    find(driver, f"{OPERATION}//button[text()='Try it out ']").click()
    find(driver, f"{OPERATION}//button[text()='Execute']").click()
    answer = f"{OPERATION}//table[contains(@class, 'live-responses-table')]//tr[@class='response']"
    status = find(driver, f"{answer}/td[contains(@class, 'response-col_status')]").text.split()[0]
    body = find(driver, f"{answer}//div[contains(@class, 'highlight-code')]//code").text
    driver.execute_script("arguments[0].scrollIntoView()", find(driver, OPERATION))
    return status, json.loads(body)


def requests(driver: webdriver.Chrome) -> list[str]:
    """The address of each request that the browser has made since it was last asked."""
    messages = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    return [message["params"]["request"]["url"] for message in messages if message["method"] == "Network.requestWillBeSent"]


def check(address: str, username: str, password: str, screenshot: Path) -> str:
    """All of it, against the server at this address; what was seen, in a line."""
    with chromium() as driver:
        driver.get(f"http://{address}/docs")
        log_in(driver, username, password)
        status, me = ask_who_is_calling(driver)
        screenshot.parent.mkdir(parents=True, exist_ok=True)
        driver.save_screenshot(str(screenshot))
        if status != "200" or me.get("username") != username:
            raise Failed(f"/docs shows {status} {me} for GET /v1/users/me")
        asked = [url for url in map(urlsplit, requests(driver)) if url.scheme not in LOCAL_SCHEMES]
        if elsewhere := [url.geturl() for url in asked if url.netloc != address]:
            raise Failed(f"/docs asked other hosts: {elsewhere}")
        if complaints := [entry["message"] for entry in driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]:
            raise Failed("the browser complained:\n" + "\n".join(complaints))
        return f"/docs: logged in as {username}, GET /v1/users/me shows {status} {me}; {len(asked)} requests, all to {address}"
