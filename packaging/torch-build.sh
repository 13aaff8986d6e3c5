# shellcheck shell=bash
# Which build of PyTorch: for the CPU where there is no NVIDIA card, with CUDA where there is one. To be sourced.
# There is one index for each build, and a build that the index in use lacks cannot be chosen. PyPI has, for Linux on
# x86-64, the one with CUDA alone; it does not load without its NVIDIA libraries, so these cannot be left out.

has_nvidia_card() {
    [ -e /proc/driver/nvidia/version ] || [ -e /dev/nvidiactl ] && return 0
    local device
    for device in /sys/bus/pci/devices/*; do
        [ "$(cat "$device/vendor" 2>/dev/null)" = 0x10de ] && [[ $(cat "$device/class" 2>/dev/null) == 0x03* ]] && return 0
    done
    return 1
}

# The version that pip would take for REQUIREMENT, and "cuda" after it where it asks for NVIDIA's libraries.
offered() { # PYTHON REQUIREMENT
    "$1" -m pip install --quiet --dry-run --ignore-installed --no-deps --constraint constraints.txt --report - \
        ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} "$2" 2>/dev/null | "$1" -c '
import json, sys
about = json.load(sys.stdin)["install"][0]["metadata"]
asks = any(name.startswith(("nvidia-", "cuda-")) for name in about.get("requires_dist", []))
print(about["version"], "cuda" if asks or "+cu" in about["version"] else "cpu")'
}

# Leaves in the array `torch` what pip is to install, and says what that is.
choose_torch() { # PYTHON
    local pin version build
    torch=()
    if "$1" -c 'import torch' 2>/dev/null; then
        torch=(torch)
        echo "    it is here already"
        return
    fi
    echo "    looking which builds there are ..."
    pin=$(sed -n 's/^torch==//p' constraints.txt)
    read -r version build <<<"$(offered "$1" torch || true)"
    if [ "$(uname -s)" = Linux ] && has_nvidia_card; then
        # pip prefers "+cpu" to a plain number: where both are offered, the plain one is the build with CUDA.
        [ "$build" = cuda ] || read -r version build <<<"$(offered "$1" "torch===$pin" || echo "$version $build")"
        if [ "$build" = cuda ]; then
            echo "    for this NVIDIA card: some 3 GB to download, 5.8 GB on the disk with all the rest"
        else
            echo "    There is an NVIDIA card, but the package index in use offers only the build for the CPU. For the other:"
            echo "    make setup TORCH_INDEX=ADDRESS, with the address of an index for CUDA from pytorch.org/get-started/locally"
        fi
    elif [ "$build" = cuda ]; then
        echo "    There is no NVIDIA card, but the package index in use offers only the build with CUDA: some 3 GB to download,"
        echo "    5.8 GB on the disk with all the rest. It works without a card as well. For the build for the CPU (200 MB to"
        echo "    download, 2.1 GB on the disk with all the rest) stop this now with Ctrl-C and say make setup"
        echo "    TORCH_INDEX=ADDRESS, with the address for the CPU from pytorch.org/get-started/locally"
    else
        echo "    for the CPU: some 200 MB to download, 2.1 GB on the disk with all the rest"
    fi
    torch=(${TORCH_INDEX:+--index-url "$TORCH_INDEX"} "torch${version:+===$version}")
}
