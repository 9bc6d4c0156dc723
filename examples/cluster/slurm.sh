#!/usr/bin/env bash
# Workers as an array job: sbatch examples/cluster/slurm.sh redis://HOST:PORT /shared/maps
#SBATCH --job-name=saliency
#SBATCH --array=1-20
#SBATCH --cpus-per-task=2
#SBATCH --mem=3G
#SBATCH --time=04:00:00
# At the end of its time a worker has a minute to give its photos back.
#SBATCH --signal=B:TERM@60
set -euo pipefail

queue=${1:?usage: sbatch slurm.sh redis://HOST:PORT OUT}
out=${2:?usage: sbatch slurm.sh redis://HOST:PORT OUT}
exec node --import tsx examples/cluster/worker.ts \
  --queue "$queue" --out "$out" --workers "${SLURM_CPUS_PER_TASK:-1}" --until-empty
