//! What is beside the rows: the clear text of secrets, and a few facts about the instance itself.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rusqlite::OptionalExtension;
use uuid::Uuid;

use super::{Store, StoreError};

impl Store {
    /// Keeps a secret and gives what stands for it: something new each time, even for the same secret.
    pub fn encrypt(&self, clear: &str) -> Result<String, StoreError> {
        let noise = [*Uuid::new_v4().as_bytes(), *Uuid::new_v4().as_bytes()].concat();
        let cipher = STANDARD.encode(noise);
        let sql = "INSERT INTO sim_vault (cipher, clear) VALUES (?, ?)";
        self.connection.prepare_cached(sql)?.execute([cipher.as_str(), clear])?;
        Ok(cipher)
    }

    /// The secret that a ciphertext stands for.
    pub fn decrypt(&self, cipher: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT clear FROM sim_vault WHERE cipher = ?";
        self.connection.prepare_cached(sql)?.query_row([cipher], |it| it.get(0)).optional()
    }

    /// Forgets the secret of a ciphertext that is no longer stored anywhere.
    pub fn forget(&self, cipher: &str) -> Result<(), StoreError> {
        self.connection.prepare_cached("DELETE FROM sim_vault WHERE cipher = ?")?.execute([cipher])?;
        Ok(())
    }

    /// A fact about the instance itself.
    pub fn fact(&self, name: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT value FROM sim_fact WHERE name = ?";
        self.connection.prepare_cached(sql)?.query_row([name], |it| it.get(0)).optional()
    }

    /// Notes a fact about the instance itself.
    pub fn note(&self, name: &str, value: &str) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO sim_fact (name, value) VALUES (?, ?)";
        self.connection.prepare_cached(sql)?.execute([name, value])?;
        Ok(())
    }
}
