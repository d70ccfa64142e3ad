//! Limits on the memory that guests can take from the host.
//!
//! wasmi writes to every byte of a memory when it allocates the byte. On a host that overcommits memory, the allocation
//! succeeds and the system ends the process while wasmi writes. Growth for which the host has too little memory is
//! therefore refused before the allocation.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use wasmi::ResourceLimiter;
use wasmi_core::LimiterError;

/// In elements: the limit of the JS API specification.
const MAX_TABLE_SIZE: usize = if cfg!(feature = "fuzz") { 100_000 } else { 10_000_000 };

/// In bytes. At least the size of a table's element in wasmi.
const ELEMENT_SIZE: usize = 16;

/// In bytes. Without it, the fuzzers would run out of memory and report that as a failure.
const MAX_MEMORY_SIZE: Option<usize> = if cfg!(feature = "fuzz") { Some(16 << 20) } else { None };

/// In bytes. The largest allowance: the growth that is granted, to all stores together, without checking the host
/// again.
const STEP: u64 = 64 << 20;

/// The rest of the allowance. Checking the host takes as long as thousands of small growths.
static ALLOWANCE: AtomicU64 = AtomicU64::new(0);

pub struct Limits;

impl ResourceLimiter for Limits {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> Result<bool, LimiterError> {
        if MAX_MEMORY_SIZE.is_some_and(|most| desired > most) {
            return Ok(false);
        }
        Ok(grant(desired.saturating_sub(current) as u64))
    }

    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool, LimiterError> {
        if desired > MAX_TABLE_SIZE || maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        Ok(grant(desired.saturating_sub(current).saturating_mul(ELEMENT_SIZE) as u64))
    }

    fn instances(&self) -> usize {
        usize::MAX
    }

    fn tables(&self) -> usize {
        usize::MAX
    }

    fn memories(&self) -> usize {
        usize::MAX
    }
}

/// In milliseconds. For this long after a refusal, growth by as many bytes or more is refused without checking the host:
/// a guest that tries again and again would otherwise read files each time, for a few units of fuel.
const PATIENCE: u64 = 10;

/// The latest refusal: when, in milliseconds after START, and how many bytes. 0 bytes if there was none.
static REFUSED_AT: AtomicU64 = AtomicU64::new(0);
static REFUSED: AtomicU64 = AtomicU64::new(0);
static START: OnceLock<Instant> = OnceLock::new();

fn now() -> u64 {
    START.get_or_init(Instant::now).elapsed().as_millis() as u64
}

/// Whether growth by this number of bytes is granted.
fn grant(bytes: u64) -> bool {
    let refused = REFUSED.load(Ordering::Relaxed);
    if refused != 0 && bytes >= refused && now().saturating_sub(REFUSED_AT.load(Ordering::Relaxed)) < PATIENCE {
        return false;
    }
    let granted = take(&ALLOWANCE, bytes, || available(Path::new("/")));
    if !granted {
        REFUSED_AT.store(now(), Ordering::Relaxed);
        REFUSED.store(bytes, Ordering::Relaxed);
    }
    granted
}

/// Whether growth by this number of bytes is granted. If the allowance is too small, checks the host and sets a new
/// allowance: at most half of what the host has left, because the process needs memory for other things as well.
fn take(allowance: &AtomicU64, bytes: u64, available: impl FnOnce() -> Option<u64>) -> bool {
    if allowance.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes)).is_ok() {
        return true;
    }
    let Some(rest) = available().unwrap_or(u64::MAX).checked_sub(bytes) else {
        return false;
    };
    allowance.store(STEP.min(rest / 2), Ordering::Relaxed);
    true
}

/// Returns how many bytes this process can still allocate: the minimum over the machine, the control groups of the
/// process and the limits of the process. None if the host does not report any of them. `root` is "/", except in tests.
fn available(root: &Path) -> Option<u64> {
    [machine(root), group(root, "", V2), group(root, "memory", V1), address_space(root), data_segment(root)]
        .into_iter()
        .flatten()
        .min()
}

fn read(root: &Path, path: &str) -> Option<String> {
    fs::read_to_string(root.join(path)).ok()
}

/// Returns the first word after the name, in a file with a name and a number on each line.
fn word<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()
}

fn kibibytes(text: &str, name: &str) -> Option<u64> {
    word(text, name)?.parse::<u64>().ok()?.checked_mul(1024)
}

fn machine(root: &Path) -> Option<u64> {
    kibibytes(&read(root, "proc/meminfo")?, "MemAvailable:")
}

/// The names of a control group's files.
struct Files {
    mount: &'static str,
    limit: &'static str,
    usage: &'static str,
    /// The entry of memory.stat for memory that the kernel reclaims before it ends a process.
    cache: &'static str,
}

const V2: Files =
    Files { mount: "sys/fs/cgroup", limit: "memory.max", usage: "memory.current", cache: "inactive_file " };
const V1: Files = Files {
    mount: "sys/fs/cgroup/memory",
    limit: "memory.limit_in_bytes",
    usage: "memory.usage_in_bytes",
    cache: "total_inactive_file ",
};

/// Returns how much memory the process's control group with that controller, and the groups above it, leave to the
/// process. A container may see its group as the root while /proc shows the path outside of the container, so folders
/// that do not exist are skipped.
fn group(root: &Path, controller: &str, files: Files) -> Option<u64> {
    let groups = read(root, "proc/self/cgroup")?;
    let path = groups.lines().find_map(|line| {
        let (_, line) = line.split_once(':')?;
        let (controllers, path) = line.split_once(':')?;
        controllers.split(',').any(|name| name == controller).then_some(path)
    })?;
    let inside = Path::new(path).components().filter(|part| matches!(part, Component::Normal(_)));
    let mount = root.join(files.mount);
    let folder: PathBuf = mount.join(inside.collect::<PathBuf>());
    folder.ancestors().take_while(|folder| folder.starts_with(&mount)).filter_map(|folder| left(folder, &files)).min()
}

fn left(folder: &Path, files: &Files) -> Option<u64> {
    let number = |name: &str| fs::read_to_string(folder.join(name)).ok()?.trim().parse::<u64>().ok();
    // Without a limit, the file holds "max".
    let limit = number(files.limit)?;
    let usage = number(files.usage)?;
    let stat = fs::read_to_string(folder.join("memory.stat")).unwrap_or_default();
    let cache = word(&stat, files.cache).and_then(|word| word.parse().ok()).unwrap_or(0);
    Some(limit.saturating_sub(usage.saturating_sub(cache)))
}

/// Returns the soft limit of that name, or None if it is "unlimited".
fn limit(root: &Path, name: &str) -> Option<u64> {
    word(&read(root, "proc/self/limits")?, name)?.parse().ok()
}

fn address_space(root: &Path) -> Option<u64> {
    let limit = limit(root, "Max address space")?;
    Some(limit.saturating_sub(kibibytes(&read(root, "proc/self/status")?, "VmSize:")?))
}

fn data_segment(root: &Path) -> Option<u64> {
    let limit = limit(root, "Max data size")?;
    Some(limit.saturating_sub(kibibytes(&read(root, "proc/self/status")?, "VmData:")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;
    const MEMINFO: &str = "MemTotal:       16000000 kB\nMemFree:          1024 kB\nMemAvailable:    1048576 kB\n";
    const LIMITS: &str = "Limit                     Soft Limit           Hard Limit           Units     \n\
        Max data size             unlimited            unlimited            bytes     \n\
        Max address space         unlimited            unlimited            bytes     \n";
    const STATUS: &str = "Name:\tx\nVmPeak:\t  900000 kB\nVmSize:\t  102400 kB\nVmData:\t   51200 kB\n";

    /// A simulated host: files in a folder, which is deleted with it.
    struct Host(PathBuf);

    impl Host {
        fn new(name: &str) -> Host {
            let folder = std::env::temp_dir().join(format!("wrl-limits-{}-{name}", std::process::id()));
            let host = Host(folder);
            host.write("proc/meminfo", MEMINFO).write("proc/self/limits", LIMITS).write("proc/self/status", STATUS);
            host
        }

        fn write(&self, path: &str, text: &str) -> &Host {
            let path = self.0.join(path);
            fs::create_dir_all(path.parent().expect("it is in a folder")).expect("the folder can be made");
            fs::write(path, text).expect("the file can be written");
            self
        }

        fn available(&self) -> Option<u64> {
            available(&self.0)
        }
    }

    impl Drop for Host {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn the_machine_alone() {
        let host = Host::new("machine");
        assert_eq!(host.available(), Some(1024 * MIB));
        host.write("proc/meminfo", "nothing of use\n");
        assert_eq!(host.available(), None);
        assert_eq!(available(Path::new("/no/such/folder")), None);
    }

    #[test]
    fn a_control_group_of_version_2() {
        let host = Host::new("v2");
        host.write("proc/self/cgroup", "0::/a/b\n");
        assert_eq!(host.available(), Some(1024 * MIB));
        host.write("sys/fs/cgroup/a/b/memory.max", "104857600\n")
            .write("sys/fs/cgroup/a/b/memory.current", "83886080\n");
        assert_eq!(host.available(), Some(20 * MIB));
        // The kernel reclaims the file cache.
        host.write("sys/fs/cgroup/a/b/memory.stat", "anon 1\ninactive_file 10485760\nactive_file 5\n");
        assert_eq!(host.available(), Some(30 * MIB));
        // The outer group may have a tighter limit, and the group itself may have none.
        host.write("sys/fs/cgroup/a/memory.max", "94371840\n").write("sys/fs/cgroup/a/memory.current", "94371841\n");
        assert_eq!(host.available(), Some(0));
        host.write("sys/fs/cgroup/a/memory.max", "max\n").write("sys/fs/cgroup/a/b/memory.max", "max\n");
        assert_eq!(host.available(), Some(1024 * MIB));
    }

    /// As in a container with a cgroup namespace of its own, and in one without, which sees a path that does not exist.
    #[test]
    fn a_control_group_that_is_the_root() {
        for path in ["/", "/system/container", "/../../elsewhere"] {
            let host = Host::new("root");
            host.write("proc/self/cgroup", &format!("0::{path}\n"));
            host.write("sys/fs/cgroup/memory.max", "10485760\n").write("sys/fs/cgroup/memory.current", "1048576\n");
            assert_eq!(host.available(), Some(9 * MIB), "{path}");
        }
    }

    #[test]
    fn a_control_group_of_version_1() {
        let host = Host::new("v1");
        host.write("proc/self/cgroup", "5:cpu,memory:/docker/x\n1:name=systemd:/y\n0::/\n");
        let folder = "sys/fs/cgroup/memory";
        host.write(&format!("{folder}/memory.limit_in_bytes"), "52428800\n");
        host.write(&format!("{folder}/memory.usage_in_bytes"), "10485760\n");
        host.write(&format!("{folder}/memory.stat"), "inactive_file 7\ntotal_inactive_file 1048576\n");
        assert_eq!(host.available(), Some(41 * MIB));
        // "No limit" in version 1.
        host.write(&format!("{folder}/memory.limit_in_bytes"), "9223372036854771712\n");
        assert_eq!(host.available(), Some(1024 * MIB));
    }

    #[test]
    fn the_limits_of_the_process() {
        let host = Host::new("process");
        host.write("proc/self/limits", &LIMITS.replace("space         unlimited", "space         209715200"));
        assert_eq!(host.available(), Some(100 * MIB));
        host.write("proc/self/limits", &LIMITS.replace("size             unlimited", "size             62914560"));
        assert_eq!(host.available(), Some(10 * MIB));
        host.write("proc/self/limits", &LIMITS.replace("size             unlimited", "size             1"));
        assert_eq!(host.available(), Some(0));
    }

    #[test]
    fn this_host_has_something() {
        if cfg!(target_os = "linux") {
            assert!(available(Path::new("/")).is_some_and(|bytes| bytes > 0));
        }
    }

    #[test]
    fn an_allowance_saves_looks() {
        let allowance = AtomicU64::new(0);
        let looks = std::cell::Cell::new(0);
        let take = |bytes, left| {
            take(&allowance, bytes, || {
                looks.set(looks.get() + 1);
                left
            })
        };
        assert!(take(65536, Some(1024 * MIB)) && looks.get() == 1);
        for _ in 0..STEP / 65536 {
            assert!(take(65536, None));
        }
        assert_eq!(looks.get(), 1);
        assert!(take(65536, Some(10 * MIB)) && looks.get() == 2);
        // If little is left, the allowance is small.
        assert!(!take(5 * MIB, Some(4 * MIB)) && looks.get() == 3);
        assert!(take(4 * MIB, None) && looks.get() == 3);
        // Refused growth does not use up the allowance. If the host reports nothing, there is no limit.
        assert!(!take(u64::MAX, Some(u64::MAX - 1)) && take(u64::MAX, None));
    }
}
