#!/usr/bin/env bash
# Runs the code blocks of one document in order, in one shell: session.sh BLOCK..., each a file whose extension says how it is
# run. Background processes keep running until the shell is terminated.
# shellcheck disable=SC1090 # The blocks are sourced.
set -euo pipefail
export PATH=$PATH:/usr/sbin

# Fails unless the status is 2xx, or the one in `expected`.
curl() {
  local head status
  head=$(mktemp)
  command curl -D "$head" "$@" </dev/null || return
  status=$(sed -n 's|^HTTP/[^ ]* \([0-9]*\).*|\1|p' "$head" | tail -n 1)
  [[ $status =~ ^${expected:-2..}$ ]] || { echo "curl got the status $status instead of ${expected:-2xx}" >&2; return 22; }
}

# The commands of the documents assume the project's folder as the working directory; what they write stays out of it.
make() { command make --no-print-directory -C "$PROJECT" "$@"; }

# Waits until a command succeeds, while the last background process runs.
until_runs() {
  for _ in $(seq 600); do
    if "$@" 2>/dev/null; then return; fi
    kill -0 $! 2>/dev/null || break
    sleep 0.1
  done
  return 1
}

# Succeeds if a connection to the address is accepted.
accepts() { (: <"/dev/tcp/${1/://}"); }

serves() {
  ( . "$1" ) >"$1.log" 2>&1 </dev/null &
  until_runs accepts "$(<"$1.address")" || { cat "$1.log"; return 1; }
}

# The block as the one file in conf.d of an nginx.
nginx() {
  mkdir -p "$1.d"
  cat >"$1.d/nginx.conf" <<END
daemon off; master_process off; pid pid; error_log stderr; events {}
http { access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi; include $1; }
END
  command nginx -e stderr -p "$1.d" -c nginx.conf >"$1.log" 2>&1 </dev/null &
  until_runs accepts "127.0.0.1:$GATEWAY_PORT" || { cat "$1.log"; return 1; }
}

trap 'wait; exit' TERM
trap 'printf "\n%s: line %s failed: %s\n" "$(basename "$block")" $LINENO "$BASH_COMMAND"' ERR
for block in "$@"; do
  # The output before may lack a final line break.
  printf '\nBLOCK\n'
  case $block in
    *.serves) serves "$block" ;;
    *.nginx) nginx "$block" ;;
    *.sh) . "$block" ;;
  esac
done
printf '\nDONE\n'
wait || true
