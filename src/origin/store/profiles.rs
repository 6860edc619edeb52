//! The profiles that were imported, as the edge exported them.

use anyhow::Result;

use super::open::Store;

impl Store {
    /// Returns every profile, one JSON line each, by the person's name.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub(crate) fn profile_lines(&self) -> Result<String> {
        let mut select = self.connection.prepare("SELECT profile FROM profiles ORDER BY user_id")?;
        let mut rows = select.query([])?;
        let mut lines = String::new();
        while let Some(row) = rows.next()? {
            lines.push_str(row.get_ref(0)?.as_str()?);
            lines.push('\n');
        }
        Ok(lines)
    }
}
