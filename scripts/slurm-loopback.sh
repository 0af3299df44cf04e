#!/bin/bash
# A Slurm of one's own for the length of a command: a controller and two virtual nodes, n1 and n2, on the loopback address.
#
#   scripts/slurm-loopback.sh sbatch --wait script.sh
#
# Everything lies in a temporary folder, which the command finds as SLURM_LOOPBACK, with the logs and NAME.pid of each
# daemon in it, and everything that was started is stopped when the command ends. Nothing is installed: what is missing is
# said, with exit code 77. Slurm of Debian 12 (22.05) and newer; as root or not.
set -u

[ $# -gt 0 ] || { echo "usage: $0 COMMAND..." >&2; exit 2; }
PATH=$PATH:/usr/sbin:/sbin
missing=()
for program in slurmctld slurmd sbatch squeue scontrol munged mungekey; do
  command -v "$program" > /dev/null || missing+=("$program")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "slurm-loopback: not here: ${missing[*]}; on Debian: apt-get install --no-install-recommends slurmctld slurmd slurm-client munge" >&2
  exit 77
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/slurm-loopback-XXXXXX") || exit 1
chmod 755 "$folder"
export SLURM_LOOPBACK=$folder SLURM_CONF=$folder/slurm.conf
user=$(id -un)
cpus=$(nproc)
port=$((20000 + $$ % 20000))
mkdir "$folder"/{state,n1,n2,log,munge}
chmod 700 "$folder/munge"

# Whatever was started here, daemons, steps and what they run, has the name of the folder in its environment.
stop() {
  trap '' INT TERM
  for environment in $(grep -lsF "SLURM_CONF=$SLURM_CONF" /proc/[0-9]*/environ); do
    pid=${environment//[^0-9]/}
    [ "$pid" = $$ ] || kill -9 "$pid" 2> /dev/null
  done
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM

cat > "$SLURM_CONF" << END
ClusterName=loopback
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
CredType=cred/munge
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmctldPort=$port
SlurmctldPidFile=$folder/slurmctld.pid
SlurmctldLogFile=$folder/log/slurmctld
SlurmdPidFile=$folder/%n.pid
SlurmdLogFile=$folder/log/%n
SlurmdSpoolDir=$folder/%n
StateSaveLocation=$folder/state
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MpiDefault=none
ReturnToService=2
SlurmdTimeout=10
SlurmctldTimeout=10
InactiveLimit=0
KillWait=5
MinJobAge=3600
NodeName=n1 NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=1 RealMemory=1000
NodeName=n2 NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=1 RealMemory=1000
PartitionName=main Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
END

fail() {
  echo "slurm-loopback: $1" >&2
  tail -n 5 "$folder"/log/* >&2
  exit 77
}
ready() { # $1: what is waited for; the rest: the command that tells
  local what=$1
  shift
  for _ in $(seq 300); do
    "$@" > /dev/null 2>&1 && return
    sleep 0.2
  done
  fail "$what does not start"
}
nodes_idle() { [ "$(sinfo --noheader --Node --format=%T | grep -c '^idle')" = 2 ]; }

mungekey --create --keyfile="$folder/munge/key" || fail 'no munge key'
munged --force --socket="$folder/munge/socket" --key-file="$folder/munge/key" --pid-file="$folder/munged.pid" \
  --log-file="$folder/log/munged" --seed-file="$folder/munge/seed" || fail 'munged does not start'
slurmctld -c -f "$SLURM_CONF" || fail 'slurmctld does not start'
ready slurmctld scontrol ping
for node in n1 n2; do slurmd -c -N $node -f "$SLURM_CONF" || fail "slurmd $node does not start"; done
ready 'the nodes' nodes_idle

# in the background, because a shell that waits in the foreground hears no signal
"$@" < /dev/null &
wait $!
