//! Which releases of Postgres may be downloaded: of each major version one, with the SHA-256 digest of its archive for each
//! platform. An attacker who controls what a repository serves, checksums included, can therefore not choose what is run.
//!
//! The archives are `embedded-postgres-binaries-<platform>-<version>.jar` of `io.zonky.test.postgres`. To move to another release,
//! replace the version and the digests, which Maven Central has next to each archive (`.jar.sha256`).

use std::env::consts::{ARCH, OS};

/// The release of a major version.
#[derive(Debug)]
pub(crate) struct Release {
    /// The major version.
    major: u32,
    /// The version in the repository.
    pub(crate) version: &'static str,
    /// Platforms, as `OS` and `ARCH` name them, with the digest of the archive in hexadecimal.
    digests: &'static [(&'static str, &'static str, &'static str)],
}

/// An archive that may be downloaded.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Pin {
    /// The version in the repository.
    pub(crate) version: &'static str,
    /// The SHA-256 digest of the archive in hexadecimal.
    pub(crate) digest: &'static str,
}

/// Returns the archive of a major version for this platform, if there is one.
pub(crate) fn pinned(major: u32) -> Option<Pin> {
    find(major, OS, ARCH)
}

fn find(major: u32, os: &str, arch: &str) -> Option<Pin> {
    let release = RELEASES.iter().find(|release| release.major == major)?;
    let of_platform = |(pinned_os, pinned_arch, _): &&(&str, &str, &str)| (*pinned_os, *pinned_arch) == (os, arch);
    let (_, _, digest) = release.digests.iter().find(of_platform)?;
    Some(Pin { version: release.version, digest })
}

const RELEASES: [Release; 5] = [
    Release {
        major: 14,
        version: "14.23.0",
        digests: &[
            ("linux", "x86_64", "d041b87dd72016f2baf93bca54e91d3c85c2b8132bbf86ad82056d6b24b353ce"),
            ("linux", "aarch64", "a55b93f67051a602be033b298461709f88789dccee925236f2fb5a4eaf9dd526"),
            ("macos", "aarch64", "b3afa06270a5db96748ded366b9af590b29035ce16677e88c8ab65d0c455f613"),
        ],
    },
    Release {
        major: 15,
        version: "15.19.0",
        digests: &[
            ("linux", "x86_64", "95f0b66fe72d4ca66c815773c44cb1196ea38552463e89a35f18114b3ed1565f"),
            ("linux", "aarch64", "95baf4bd4af31b91b3050118df59388ed0064756b556b850669e0300aa7b9911"),
            ("macos", "x86_64", "11d0a55e26f4c74c6ea6c72c5e4e6ac959b29a06cc6da5e5ac8162f9fd9f8055"),
            ("macos", "aarch64", "9bfc44d3f50298bb14fa125da4b67a36f382f8134ab2fc95349b72bcd5ec4e87"),
        ],
    },
    Release {
        major: 16,
        version: "16.15.0",
        digests: &[
            ("linux", "x86_64", "653abc065c682b85d3da50168fb95dc524bd85426cdec9ce3695a550ef431df2"),
            ("linux", "aarch64", "f846a9989d686b7977d6eca9bc9d8b2b69e3f70c7eb60e032197d9c574a6136c"),
            ("macos", "x86_64", "1229188b99515d2160d5cb6222bc96d9c5f3a248268df3bc2dfe0047e6c233d8"),
            ("macos", "aarch64", "65b953905f0a4d46030767a6b44a52360170d69a7985f1b02aa435f2f6256a83"),
        ],
    },
    Release {
        major: 17,
        version: "17.11.0",
        digests: &[
            ("linux", "x86_64", "0dd7b72b6f335b8ecfb355fa24c5781e8a93edd09880bb77eb52ebbf29b3e96d"),
            ("linux", "aarch64", "8b042e0ea418b1927d95399207950da0734d27fe01e29503ade3bdc464ad4c2b"),
            ("macos", "x86_64", "d464ff178e9860ba204662ac23fa547504b7fd392392ff2fb92e3fd73b5bdb64"),
            ("macos", "aarch64", "a1c2786acb0c398f9b2d76806fc52f5dc8b222cbc8e9383a9b9702084daaf3a5"),
        ],
    },
    Release {
        major: 18,
        version: "18.4.0",
        digests: &[
            ("linux", "x86_64", "401d4e69baba9072d3772607710df0d47b39a7632c6b01b2a5f5d85a9514e212"),
            ("linux", "aarch64", "a9ec284923b9a7d2db41509bfb88c3d0eeb9f4aa5e2b29ea0aac5e8dbaf4c335"),
            ("macos", "x86_64", "68381ed1488edd337345c6c4bc6ae0c823832a4dd7af8b04656ee5c218c291b5"),
            ("macos", "aarch64", "ab698c4486a795d2aa8a158b3a41e1201a77e7ff72a6255094cd5900080853c2"),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{binaries::MINIMUM_MAJOR, download::DEFAULT_MAJOR};

    #[test]
    fn the_default_release_exists_for_every_platform() {
        for os in ["linux", "macos"] {
            for arch in ["x86_64", "aarch64"] {
                assert!(find(DEFAULT_MAJOR, os, arch).is_some(), "{os} {arch}");
            }
        }
        assert_eq!(find(DEFAULT_MAJOR, "linux", "sparc"), None);
        assert_eq!(find(MINIMUM_MAJOR - 1, "linux", "x86_64"), None);
    }

    #[test]
    fn every_digest_is_of_one_archive() {
        let mut digests = Vec::new();
        for (release, major) in RELEASES.iter().zip(MINIMUM_MAJOR..) {
            assert_eq!(release.major, major);
            assert!(release.version.starts_with(&format!("{major}.")), "{release:?}");
            for (_, _, digest) in release.digests {
                assert!(
                    digest.len() == 64 && digest.bytes().all(|byte| b"0123456789abcdef".contains(&byte)),
                    "{digest}"
                );
                digests.push(*digest);
            }
        }
        let count = digests.len();
        digests.sort_unstable();
        digests.dedup();
        assert_eq!(digests.len(), count);
    }
}
