//! Where seed files come from: the folder `seeds` as it was when the program was built, or a folder that somebody is editing.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use include_dir::{Dir, include_dir};

use super::{
    fault::{Faults, Spot},
    reason,
};

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/seeds");

/// Where the seeds are read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The seeds that the program brings along.
    Embedded,
    /// A folder of the same shape, read with the folders in it.
    Folder(PathBuf),
}

/// A YAML file as it lies there.
#[derive(Debug)]
pub(super) struct SourceFile {
    /// Its path inside the source, parts separated by `/`.
    pub path: String,
    /// Its path for people: from where the program runs.
    pub shown: String,
    /// What it says; `None` when it could not be read, which is a fault already reported.
    pub text: Option<String>,
}

/// The YAML files of a source.
#[derive(Debug)]
pub(super) struct Listing {
    /// The source itself, for people.
    pub shown: String,
    /// Sorted by path.
    pub files: Vec<SourceFile>,
    /// Whether every folder could be read: only then is a file that is not listed known to be missing.
    pub complete: bool,
}

impl Source {
    pub(super) fn list(&self, faults: &mut Faults) -> Listing {
        let mut listing = match self {
            Self::Embedded => {
                let mut listing = Listing::of("seeds");
                listing.add_embedded(&EMBEDDED, faults);
                listing
            }
            Self::Folder(root) => {
                let mut listing = Listing::of(&root.display().to_string());
                listing.add_folder(root, root, faults);
                listing
            }
        };
        listing.files.sort_by(|one, other| one.path.cmp(&other.path));
        listing
    }
}

impl Listing {
    fn of(shown: &str) -> Self {
        Self { shown: shown.to_owned(), files: Vec::new(), complete: true }
    }

    fn add_embedded(&mut self, folder: &Dir<'_>, faults: &mut Faults) {
        for file in folder.files().filter(|file| is_yaml(file.path())) {
            let shown = Path::new(&self.shown).join(file.path()).display().to_string();
            self.add(file.path(), shown, Ok(file.contents().to_vec()), faults);
        }
        for folder in folder.dirs() {
            self.add_embedded(folder, faults);
        }
    }

    fn add_folder(&mut self, root: &Path, folder: &Path, faults: &mut Faults) {
        let entries = match fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
            Ok(entries) => entries,
            Err(error) => {
                self.complete = false;
                faults.add(Spot::file(folder.display()), reason::folder_unreadable(&error));
                return;
            }
        };
        // A hidden folder is an editor's, a version control's or, where a mounted volume swaps its content, a second copy.
        for entry in entries.iter().filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b".")) {
            let path = entry.path();
            if path.is_dir() {
                self.add_folder(root, &path, faults);
            } else if is_yaml(&path) {
                let inside = path.strip_prefix(root).unwrap_or(&path);
                self.add(inside, path.display().to_string(), fs::read(&path), faults);
            }
        }
    }

    fn add(&mut self, path: &Path, shown: String, content: io::Result<Vec<u8>>, faults: &mut Faults) {
        let text = match content {
            Ok(bytes) => String::from_utf8(bytes).map_err(|_| reason::not_utf8()),
            Err(error) => Err(reason::file_unreadable(&error)),
        };
        let text = text.map_err(|reason| faults.add(Spot::file(&shown), reason)).ok();
        let path = path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        self.files.push(SourceFile { path, shown, text });
    }
}

/// `.yml` too, so that a file by that name is called unexpected instead of being passed over.
fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml"))
}
