//! Files: reading them gzipped or not, and writing them whole or not at all.

use std::fs::{self, File};
use std::io::{BufReader, Read, Seek, Write, copy, sink};
use std::path::Path;

use anyhow::{Context, Result};
use flate2::read::MultiGzDecoder;

/// The first bytes of a gzip file.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Opens a file and unpacks it if its first bytes say that it is gzipped. A packed file is read through once before, so
/// that one that was cut off is refused before anything is done with its beginning.
///
/// # Errors
/// A file that cannot be opened or read, or is packed and damaged.
pub(crate) fn open_plain(path: &Path) -> Result<Box<dyn Read>> {
    let mut file = File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
    let mut first = Vec::new();
    Read::by_ref(&mut file)
        .take(2)
        .read_to_end(&mut first)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    file.rewind()?;
    if first != GZIP {
        return Ok(Box::new(BufReader::new(file)));
    }
    copy(&mut MultiGzDecoder::new(BufReader::new(&file)), &mut sink())
        .with_context(|| format!("{} is gzipped and damaged, or cut off", path.display()))?;
    file.rewind()?;
    Ok(Box::new(MultiGzDecoder::new(BufReader::new(file))))
}

/// Writes a file beside its place and moves it there: whoever reads it, and whenever this program ends, it is the old one
/// or the new one.
///
/// # Errors
/// A place that cannot be written; what stood there still does.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".part");
    // A device or a pipe is written to, and must not be replaced by a file.
    let is_special = fs::metadata(path).is_ok_and(|there| !there.is_file());
    let written = if is_special {
        fs::write(path, bytes)
    } else {
        File::create(&unfinished)
            .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&unfinished, path))
    };
    written.with_context(|| format!("{} cannot be written", path.display()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;
    use crate::data::scratch_folder;

    #[test]
    fn a_file_is_replaced_whole_or_stays() {
        let folder = scratch_folder("file-whole");
        let path = folder.path().join("a.json");
        for text in ["{}", "[1, 2, 3]", ""] {
            write_whole(&path, text.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        let error = write_whole(&folder.path().join("none/a.json"), b"").unwrap_err();
        assert!(error.to_string().contains("cannot be written"));
    }

    #[test]
    fn gzip_is_told_by_its_first_bytes_and_must_be_whole() {
        let folder = scratch_folder("file-gzip");
        let path = folder.path().join("data.csv");
        let text = "a,b\n1,2\n".repeat(1_000);
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(text.as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        let read = |bytes: &[u8]| -> Result<String> {
            std::fs::write(&path, bytes).unwrap();
            let mut read = String::new();
            open_plain(&path)?.read_to_string(&mut read)?;
            Ok(read)
        };
        assert_eq!(read(&packed).unwrap(), text);
        assert_eq!(read(text.as_bytes()).unwrap(), text);
        assert_eq!(read(b"").unwrap(), "");
        for length in [3, packed.len() / 2, packed.len() - 1] {
            assert!(read(&packed[..length]).unwrap_err().to_string().contains("cut off"), "{length}");
        }
        let mut damaged = packed.clone();
        damaged[packed.len() - 6] ^= 1;
        assert!(read(&damaged).is_err());
    }
}
