"""Build hook: names the platform of the wheel by what its machine code needs, so that pip takes it only where it can be loaded."""
import os

from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MACHINES = {"EM_X86_64": "x86_64", "EM_AARCH64": "aarch64"}

# The newest symbols of libstdc++ that systems with this glibc have. Source: manylinux-policy.json of auditwheel 6.8.
GLIBC_OF_GLIBCXX = (((3, 4, 19), (2, 17)), ((3, 4, 22), (2, 24)), ((3, 4, 24), (2, 27)), ((3, 4, 28), (2, 31)), ((3, 4, 29), (2, 34)), ((3, 4, 30), (2, 35)), ((3, 4, 33), (2, 39)))

# Libraries that every system has on which Node.js runs.
SYSTEM = ("libc.so", "libc.musl-", "libm.so", "libdl.so", "libpthread.so", "librt.so", "libstdc++.so.6", "libgcc_s.so.1", "ld-linux-", "ld-musl-")


class PlatformTag(BuildHookInterface):
    def initialize(self, version, build_data):
        # The wheel stays "pure": it must be installed into the folder of trainlock itself, and that is one.
        build_data["tag"] = "py3-none-" + platform_of(_machine_code(self.root))


def platform_of(paths):
    """The platform tag of ELF files that are shipped together. Raises ValueError if there is none that is true of all."""
    needs = [_needs(path) for path in paths]
    machines = {machine for machine, _, _ in needs}
    if len(machines) != 1:
        raise ValueError("machine code for one processor is expected, found: %s" % sorted(machines))
    shipped = {os.path.basename(path) for path in paths}
    libraries = {name for _, names, _ in needs for name in names} - shipped
    foreign = sorted(name for name in libraries if not name.startswith(SYSTEM))
    if foreign:
        raise ValueError("libraries are needed that are not shipped: %s" % foreign)
    if any(name.startswith("libc.musl-") for name in libraries):
        # musl gives its symbols no versions. The wheels of Node.js, without which this one is of no use, are for 1.2.
        return "musllinux_1_2_%s" % machines.pop()
    versions = {version for _, _, names in needs for version in names}
    glibc = max([_number(version) for version in versions if version.startswith("GLIBC_")])
    glibcxx = max([_number(version) for version in versions if version.startswith("GLIBCXX_")] or [(0,)])
    known = [glibc_of for newest, glibc_of in GLIBC_OF_GLIBCXX if glibcxx <= newest]
    if not known:
        raise ValueError("it is not known which systems have GLIBCXX %s" % (glibcxx,))
    return "manylinux_%d_%d_%s" % (max(glibc, known[0])[:2] + (machines.pop(),))


def _machine_code(root):
    return [os.path.join(folder, name) for folder, _, names in os.walk(root) for name in names if name.endswith((".node", ".so"))]


def _needs(path):
    """Processor, libraries and versions of symbols that a file needs."""
    with open(path, "rb") as file:
        elf = ELFFile(file)
        machine = MACHINES.get(elf["e_machine"], elf["e_machine"])
        libraries = [tag.needed for section in elf.iter_sections() if isinstance(section, DynamicSection) for tag in section.iter_tags("DT_NEEDED")]
        versions = [
            version.name
            for section in elf.iter_sections()
            if isinstance(section, GNUVerNeedSection)
            for _, needed in section.iter_versions()
            for version in needed
        ]
        return machine, libraries, versions


def _number(version):
    """GLIBC_2.25 as (2, 25). A name without a number, as GLIBC_PRIVATE, is an error: nothing says where that is."""
    return tuple(int(part) for part in version.split("_", 1)[1].split("."))
