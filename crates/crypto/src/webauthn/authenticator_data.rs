//! What an authenticator says about itself and what it did, read byte by byte (Web Authentication, §6.1).

use super::public_key::read_cbor;
use super::{Rejected, unless};
use crate::digest::sha256;

const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const HAS_CREDENTIAL: u8 = 1 << 6;
const HAS_EXTENSIONS: u8 = 1 << 7;

/// The longest credential id.
const ID_MAX: usize = 1023;

/// The data, read but not judged.
pub(super) struct AuthenticatorData {
    rp_id_hash: [u8; 32],
    flags: u8,
    /// How often the passkey was used; 0 where the authenticator does not count.
    pub(super) sign_count: u32,
    /// Id and COSE key of a new passkey.
    pub(super) credential: Option<(Vec<u8>, Vec<u8>)>,
}

impl AuthenticatorData {
    /// Reads the data, which must be all there is.
    pub(super) fn read(mut bytes: &[u8]) -> Result<Self, Rejected> {
        let rp_id_hash = take(&mut bytes, 32)?.try_into().map_err(|_| Rejected::Malformed)?;
        let flags = take(&mut bytes, 1)?[0];
        let sign_count = take(&mut bytes, 4)?.try_into().map(u32::from_be_bytes).map_err(|_| Rejected::Malformed)?;
        let credential = if flags & HAS_CREDENTIAL == 0 { None } else { Some(read_credential(&mut bytes)?) };
        if flags & HAS_EXTENSIONS != 0 {
            read_cbor(&mut bytes)?;
        }
        unless(bytes.is_empty(), Rejected::Malformed)?;
        Ok(Self { rp_id_hash, flags, sign_count, credential })
    }

    /// Refuses data for another relying party, without a user who was there and was verified, or that contradicts itself.
    pub(super) fn expect(&self, rp_id: &str) -> Result<(), Rejected> {
        let has = |flag: u8| self.flags & flag != 0;
        let is_for_us = self.rp_id_hash == sha256(rp_id.as_bytes());
        let is_sound = has(BACKUP_ELIGIBLE) || !has(BACKED_UP);
        unless(is_for_us && has(USER_PRESENT) && has(USER_VERIFIED) && is_sound, Rejected::Unfit)
    }
}

fn read_credential(bytes: &mut &[u8]) -> Result<(Vec<u8>, Vec<u8>), Rejected> {
    // The authenticator's model; of no use where attestation is not trusted.
    take(bytes, 16)?;
    let length = take(bytes, 2)?.try_into().map(u16::from_be_bytes).map_err(|_| Rejected::Malformed)?;
    unless((1..=ID_MAX).contains(&usize::from(length)), Rejected::Malformed)?;
    let id = take(bytes, usize::from(length))?.to_vec();
    let from = *bytes;
    read_cbor(bytes)?;
    Ok((id, from[..from.len() - bytes.len()].to_vec()))
}

fn take<'a>(bytes: &mut &'a [u8], count: usize) -> Result<&'a [u8], Rejected> {
    let (taken, rest) = bytes.split_at_checked(count).ok_or(Rejected::Malformed)?;
    *bytes = rest;
    Ok(taken)
}
