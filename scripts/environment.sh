# The other scripts source this file. It creates the project's Python environment and reports each step.
# Python packages go into the clone only, pinned by hash. with_apt installs system packages.
set -euo pipefail
root="$(CDPATH="" cd -- "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore NO_MKDOCS_2_WARNING=1

say() { printf '%s\n' "$*" >&2; }

# say_why STEP OUTPUT: why a step failed, in one sentence with the remedy. OUTPUT is what its program printed.
say_why() {
  case "$2" in
    *"No space left on device"* | *"Disk quota exceeded"*)
      say "$1: the disk is full. Make room, and run this again." ;;
    *"Read-only file system"*)
      say "$1: $root is on a disk that can only be read. Copy the folder to one that you may write on." ;;
    *"Permission denied"* | *"are you root"* | *"password is required"* | *"not in the sudoers"*)
      say "$1: this user may not do that. Run it as the owner of the folder or as root, or copy the folder." ;;
    *"DO NOT MATCH THE HASHES"* | *"Hash Sum mismatch"*)
      say "$1: what was downloaded is not what was reviewed. Run this again; if it stays so, the index or the network changes files." ;;
    *"No module named pip"*)
      say "$1: the environment is not whole. Delete it (rm -r .venv), and run this again." ;;
    *NewConnectionError* | *"establish a new connection"* | *"name resolution"* | *"Name or service not known"* \
      | *Timeout* | *"timed out"* | *ProxyError* | *SSLError* | *"Could not fetch URL"* | *"Connection refused"* | *"Retrying (Retry"* \
      | *"Could not resolve"* | *"Could not connect"* | *"Failed to fetch"* | *"Network is unreachable"*)
      say "$1: the packages' server was not reached. Connect to a network, or name a server that can be reached (PIP_INDEX_URL), and run this again." ;;
    *"No matching distribution"*)
      say "$1: ${2##*$'\n'}. The packages' server was not reached, or lacks it: connect to a network, or name another (PIP_INDEX_URL)." ;;
    *)
      say "$1: ${2##*$'\n'}" ;;
  esac
}

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
  local file="$1" environment="${2:-.venv}" stamp want output
  stamp="$environment/.installed-$file"
  want="$(cksum < "$file")"
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ] && return 0
  say "Installing the packages of $file into $environment (once; about half a minute) …"
  if ! output="$("$environment/bin/python" -m pip install --quiet --require-hashes --requirement "$file" 2>&1)" \
    || ! output="$({ printf '%s\n' "$want" > "$stamp"; } 2>&1)"; then
    say_why "The packages of $file were not installed" "$output"
    return 1
  fi
  say "Packages of $file are in place."
}

prepare_environment() {
  local python output
  if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python="$(find_python)"
    say "Making the environment .venv with $("$python" --version) …"
    if ! output="$({ rm -rf .venv && "$python" -m venv .venv; } 2>&1)"; then
      rm -rf .venv 2>/dev/null || true
      case "$output" in
        *ensurepip* | *"No module named"*)
          say "$python has no 'venv' module that works: on Debian and Ubuntu, 'apt-get install python3-venv'." ;;
        *) say_why "The environment .venv was not made" "$output" ;;
      esac
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
# No package may run a program while it is installed: none of these needs one.
install_node_packages() {
  command -v npm >/dev/null 2>&1 || return 1
  cmp -s package-lock.json node_modules/.installed && return 0
  say "Installing the packages of package-lock.json into node_modules (once) …"
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
  cp package-lock.json node_modules/.installed
}

# with_apt REASON PACKAGES…: installs Debian packages without asking. Fails if that is not possible.
with_apt() {
  local what="$1" run="env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get" output
  shift
  if ! command -v apt-get >/dev/null 2>&1; then
    say "$what, and there is no apt-get here: install $* with this system's own packages."
    return 1
  fi
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
      say "$what, and this user may not install packages: as root, run 'apt-get install $*'."
      return 1
    fi
    run="sudo -n $run"
  fi
  say "$what: installing $* with apt-get …"
  # Nothing is written into the folder, which may be one that can only be read.
  if ! output="$({ $run update -qq && $run install -y -qq --no-install-recommends "$@"; } 2>&1)"; then
    say_why "$* could not be installed" "$output"
    return 1
  fi
}
