# Defaults of a start on one machine; everything can be set from outside. Sourced by deploy/run and by the tests.
export MITRA_PORT="${MITRA_PORT:-8000}" RASA_PORT="${RASA_PORT:-5005}" ACTIONS_PORT="${ACTIONS_PORT:-5055}" DEPARTMENTS_PORT="${DEPARTMENTS_PORT:-8010}"
export RASA_URL="${RASA_URL:-http://127.0.0.1:$RASA_PORT}"
export ACTIONS_URL="${ACTIONS_URL:-http://127.0.0.1:$ACTIONS_PORT}"
export DEPARTMENTS_URL="${DEPARTMENTS_URL:-http://127.0.0.1:$DEPARTMENTS_PORT}"
export MITRA_VAR="${MITRA_VAR:-var}"
export MITRA_MODEL="${MITRA_MODEL:-models/mitra.tar.gz}"
export RASA_TOKEN="${RASA_TOKEN:-$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')}"
export RASA_TELEMETRY_ENABLED=false SQLALCHEMY_SILENCE_UBER_WARNING=1 TF_CPP_MIN_LOG_LEVEL=3 PYTHONUNBUFFERED=1
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-2}" TF_INTRA_OP_PARALLELISM_THREADS=1 TF_INTER_OP_PARALLELISM_THREADS=1
export LOG_LEVEL="${LOG_LEVEL:-WARNING}"
mkdir -p "$MITRA_VAR"
