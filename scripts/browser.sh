# For scripts that need a browser; source it after environment.sh. Sets CHROMIUM to Chrome or Chromium.
# If neither is found, it installs Chromium with apt-get.
find_browser() {
  local name
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable chrome; do
    [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 && { command -v "$name"; return 0; }
  done
  for name in "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
    [ -x "$name" ] && { printf '%s\n' "$name"; return 0; }
  done
  return 1
}

# Installs Firefox and WebKit, which the night tier drives too. The tests of one that is missing are left out,
# with the reason.
prepare_other_engines() {
  command -v "${FIREFOX:-firefox-esr}" >/dev/null 2>&1 || command -v firefox >/dev/null 2>&1 ||
    with_apt "No Firefox found" firefox-esr || say "Firefox is left out: install it, or set FIREFOX=/path/to/it."
  { command -v WebKitWebDriver && { [ -n "${DISPLAY:-}" ] || command -v Xvfb; }; } >/dev/null 2>&1 ||
    with_apt "No WebKit found" webkit2gtk-driver xvfb || say "WebKit is left out: install webkit2gtk-driver and xvfb."
}

if ! browser="$(find_browser)"; then
  with_apt "No Chrome or Chromium found" chromium fonts-liberation || true
  browser="$(find_browser)" || { say "This drives a real browser: install Chrome or Chromium, or set CHROMIUM=/path/to/it."; exit 1; }
fi
export CHROMIUM="$browser"
