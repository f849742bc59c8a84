# The other scripts source this file. It creates the project's Python environment and reports each step.
# Python packages go into the clone only, pinned by hash. with_apt installs system packages.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore NO_MKDOCS_2_WARNING=1

say() { printf '%s\n' "$*" >&2; }

find_python() {
  local name
  for name in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 python; do
    [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 || continue
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return 0
    fi
  done
  say "Python 3.11 or newer is needed and was not found: install it, or set PYTHON=/path/to/python3."
  return 1
}

# install FILE [ENVIRONMENT]: installs the packages of a lock file, again only when the file changes.
install() {
  local file="$1" environment="${2:-.venv}" stamp want
  stamp="$environment/.installed-$file"
  want="$(cksum < "$file")"
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ] && return 0
  say "Installing the packages of $file into $environment (once; about half a minute) …"
  "$environment/bin/python" -m pip install --quiet --require-hashes --requirement "$file"
  printf '%s\n' "$want" > "$stamp"
  say "Packages of $file are in place."
}

prepare_environment() {
  local python
  if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python="$(find_python)"
    say "Making the environment .venv with $("$python" --version) …"
    rm -rf .venv
    if ! "$python" -m venv .venv >/dev/null 2>&1; then
      rm -rf .venv
      say "$python has no 'venv' module that works: on Debian and Ubuntu, 'apt-get install python3-venv'."
      return 1
    fi
  fi
  install requirements.lock
}

# run_guide VERB …: runs the code of this clone, also where .venv is shared or has the package installed.
run_guide() { PYTHONPATH="$root/scripts" exec .venv/bin/python -m guide "$@"; }

# Installs the other site engines into their own environment. They must build what ./scripts/export writes.
prepare_engines() {
  [ -x .venv-engines/bin/python ] || .venv/bin/python -m venv .venv-engines
  install requirements-engines.lock .venv-engines
}

# Installs the Node programs of package-lock.json, again only when it changes. Fails without npm.
install_node_packages() {
  command -v npm >/dev/null 2>&1 || return 1
  cmp -s package-lock.json node_modules/.installed && return 0
  say "Installing the packages of package-lock.json into node_modules (once) …"
  npm ci --no-audit --no-fund --loglevel=error >&2
  cp package-lock.json node_modules/.installed
}

# with_apt REASON PACKAGES…: installs Debian packages without asking. Fails if that is not possible.
with_apt() {
  local what="$1" sudo=""
  shift
  command -v apt-get >/dev/null 2>&1 || return 1
  [ "$(id -u)" = 0 ] || sudo="sudo -n"
  say "$what: installing $* with apt-get …"
  if ! { $sudo env DEBIAN_FRONTEND=noninteractive apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >build-apt.log 2>&1; then
    tail -n 3 build-apt.log >&2
    rm -f build-apt.log
    return 1
  fi
  rm -f build-apt.log
}

# Installs Pango, which the PDF handouts need. Without it, a build leaves the PDFs out and says so.
prepare_paper() {
  export GUIDE_PDFS="${GUIDE_PDFS:-$root/build/pdf}"
  PYTHONPATH=scripts .venv/bin/python -c 'import sys; from guide.outputs.paper import missing; sys.exit(bool(missing()))' && return 0
  # shellcheck disable=SC2046
  with_apt "The handouts' PDFs need Pango" $(PYTHONPATH=scripts .venv/bin/python -c 'from guide.outputs.paper import PACKAGES; print(PACKAGES)') || true
}
