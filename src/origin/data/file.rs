//! Files, gzipped or not.

use std::fs::File;
use std::io::{BufReader, Read, Seek, copy, sink};
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
    file.by_ref().take(2).read_to_end(&mut first).with_context(|| format!("{} cannot be read", path.display()))?;
    file.rewind()?;
    if first != GZIP {
        return Ok(Box::new(BufReader::new(file)));
    }
    copy(&mut MultiGzDecoder::new(BufReader::new(&file)), &mut sink())
        .with_context(|| format!("{} is gzipped and damaged, or cut off", path.display()))?;
    file.rewind()?;
    Ok(Box::new(MultiGzDecoder::new(BufReader::new(file))))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;
    use crate::data::scratch_folder;

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
