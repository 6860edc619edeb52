//! Where in a document a byte lies, as a path such as `interactions[7].type`. It is found by walking the bytes once, and
//! only when something was wrong: keeping a path while reading would cost every type and every good document.

/// Returns the path of the value that begins or ends at a byte; empty at the root.
pub(super) fn json_path_at(bytes: &[u8], at: usize) -> String {
    Walk::to(bytes, at).path()
}

/// Returns the path of the list or table that holds the value at a byte.
pub(super) fn json_path_of_whole(bytes: &[u8], at: usize) -> String {
    let mut walk = Walk::to(bytes, at);
    walk.open.pop();
    walk.path()
}

/// An open list or table.
enum Open {
    List(usize),
    Table(Option<String>),
}

#[derive(Default)]
struct Walk {
    open: Vec<Open>,
    text: Option<Vec<u8>>,
    is_escaped: bool,
    expects_key: bool,
}

impl Walk {
    fn to(bytes: &[u8], at: usize) -> Self {
        let mut walk = Self::default();
        bytes.iter().take(at).for_each(|byte| walk.step(*byte));
        walk
    }

    fn step(&mut self, byte: u8) {
        if let Some(text) = &mut self.text {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' => self.is_escaped = true,
                b'"' => self.end_text(),
                _ => text.push(byte),
            }
            return;
        }
        match byte {
            b'"' => self.text = Some(Vec::new()),
            b'{' => {
                self.open.push(Open::Table(None));
                self.expects_key = true;
            }
            b'[' => {
                self.open.push(Open::List(0));
                self.expects_key = false;
            }
            b'}' | b']' => {
                self.open.pop();
                self.expects_key = false;
            }
            b',' => match self.open.last_mut() {
                Some(Open::List(index)) => *index += 1,
                Some(Open::Table(_)) => self.expects_key = true,
                None => {}
            },
            _ => {}
        }
    }

    fn end_text(&mut self) {
        let text = self.text.take().unwrap_or_default();
        if let (true, Some(Open::Table(key))) = (self.expects_key, self.open.last_mut()) {
            *key = Some(String::from_utf8_lossy(&text).into_owned());
            self.expects_key = false;
        }
    }

    fn path(&self) -> String {
        let mut path = String::new();
        for open in &self.open {
            match open {
                Open::List(index) => path.push_str(&format!("[{index}]")),
                Open::Table(Some(key)) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(key);
                }
                Open::Table(None) => {}
            }
        }
        path
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::Read;

    use crate::read_json;

    #[derive(Read, Debug)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        list: Vec<Inner>,
    }

    #[derive(Read, Debug)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        number: u8,
        #[serde(default)]
        text: String,
    }

    fn check(json: &str, path: &str) {
        let error = read_json::<Outer>(json.as_bytes()).unwrap_err();
        assert_eq!(error.path(json.as_bytes()), path, "{json}: {error}");
    }

    #[test]
    fn the_place_of_a_mistake_is_found() {
        check(r#"{"list":[{"number":1},{"number":"x"}]}"#, "list[1].number");
        check("{\n  \"list\": [\n    {\"number\": 1, \"text\": 5}\n  ]\n}", "list[0].text");
        check(r#"{"list":[{"number":1,"colour":2}]}"#, "list[0].colour");
        check(r#"{"list":[{"text":"a, \"b\" {[ c"}]}"#, "list[0]");
        check(r#"{"list":[{"number":300}]}"#, "list[0].number");
        check(r#"{"other":1}"#, "other");
        check(r#"[1]"#, "");
    }
}
