#!/usr/bin/env bash
# Installs the programs that tests/test_imports.py gives the handbook's citations to, on Debian as root (12 or later).
# What is there already is kept. Afterwards HANDBOOK_IMPORTS=required makes the test fail rather than skip.
set -euo pipefail
cd "$(dirname "$0")"

need=()
command -v pandoc >/dev/null || need+=(pandoc)
command -v biber >/dev/null || need+=(biber)
command -v node >/dev/null || need+=(nodejs)
command -v npm >/dev/null || need+=(npm)
"${PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null || need+=(python3 python3-venv)
if ((${#need[@]})); then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${need[@]}"
fi

# npm notes in node_modules what it installed, but not whether it was the lock that stands here now.
if ! cmp -s package-lock.json node_modules/.installed; then
  npm ci --silent
  cp package-lock.json node_modules/.installed
fi
if ! cmp -s requirements.txt venv/.installed; then
  "${PYTHON:-python3}" -m venv --clear venv
  venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
  cp requirements.txt venv/.installed
fi
