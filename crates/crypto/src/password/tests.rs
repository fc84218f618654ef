//! The laws of password digests. The vectors were made with other implementations (argon2-cffi, bcrypt, Django, Werkzeug,
//! passlib and Python's hashlib), at the lowest cost that each format knows.

use super::*;
use crate::fixture::seeded;
use proptest::prelude::*;
use std::collections::HashSet;

const PLAIN: &str = "Rosy-lantern 42";
const UNICODE: &str = "Füße-日本-🦀";
const LONG: &str = "a lantern a lantern a lantern a lantern a lantern a lantern a lantern a lantern beyond byte 72";

#[rustfmt::skip]
const VECTORS: &[(&str, &str, &str)] = &[
    ("argon2id", PLAIN, "$argon2id$v=19$m=64,t=2,p=1$c2l4dGVlbiBieXRlIHNsdA$UPWJPuOKmmECmsz2nSB+gWvmYBuSV636dFgoSQKioSo"),
    ("argon2id", UNICODE, "$argon2id$v=19$m=256,t=1,p=4$c2l4dGVlbiBieXRlIHNsdA$J6MhsakhUWgdBOcWE6sKkSATe1mvGQv/CAmPj1gCxcc"),
    ("argon2i", PLAIN, "$argon2i$v=19$m=64,t=2,p=1$c2l4dGVlbiBieXRlIHNsdA$7LAFszMXkeTu0GkN/BjuGq2ouCBVajyvhyVYexUdeM4"),
    ("argon2i", UNICODE, "$argon2i$v=19$m=256,t=1,p=4$c2l4dGVlbiBieXRlIHNsdA$poxPdT+uCyGqHFdWSp8Dm6WRpHDaRAXB9vkcJOLfIlU"),
    ("argon2id", PLAIN, "$argon2id$v=16$m=32,t=3,p=1$c2FsdHNhbHQ$qwTc6jjMRLI2Y4QHM5Aiaw"),
    ("bcrypt", PLAIN, "$2a$04$TPOcL39dAG/Pkkp8Vbe3aONK99gSTLEhH9cBsvfRZwzGd06knEWR6"),
    ("bcrypt", PLAIN, "$2b$04$dSB7IsMbk5c75UKHZ2OtQ.ncV.U3xe6vnRRaiNaaxRiu5g.L.DT2S"),
    ("bcrypt", PLAIN, "$2y$04$7aoC9S92CNh5/VIlgjx4/ekAUpvRQmzHThGYD1i3afAmytLEuWh9i"),
    ("bcrypt", UNICODE, "$2b$05$pVYovWNyK01Q9HyVIi4KjOegQBcnFQx46u3sDK5jxiFb00BCWsuB."),
    ("bcrypt", LONG, "$2b$04$YAXL.Io5qWauXj5n9LN/xergWywTgUqCZyv2wk5.pSsUmWHRj1X2y"),
    ("bcrypt_peppered", PLAIN, "$2a$04$TlF3PcLQwlQE/40mZiCF7O1hRFhmAYcZyiLq0YC4ngEnksr1NQb/W$s3asoning"),
    ("bcrypt_sha256_django", LONG, "bcrypt_sha256$$2b$04$rvx0sVRd9u686CU224Er3.Zzk/vf8E/zD4jk88ah8FN/EQw/JzljS"),
    ("pbkdf2_sha256_django", PLAIN, "pbkdf2_sha256$100$plainSalt$3aRDpE21jbmFLDZjKiI0uV1eF+g2wZUGELkof6TVZuM="),
    ("pbkdf2_sha256_django", UNICODE, "pbkdf2_sha256$50$sölt$IFMC1HvM5e54ImvCValojb2ffQh2gxT9e1MvPUIUMsM="),
    ("ldap_ssha", PLAIN, "{SSHA}gNewfPR1yBBdEt9bZbxw6/xfmhftXStF"),
    ("ldap_ssha", UNICODE, "{SSHA}Jw1J11VU57m8PFprknb25jNvYOTdm1NqzTmHMMYYIyTEeA8B"),
    ("md5", PLAIN, "987fef844543c6d47a3c690f8ffdf4cc"),
    ("md5", UNICODE, "F670140A498DB9F15AC26942A7038815"),
    ("md5_salted", PLAIN, "pinch$19e0908d18b4ea7ef98a1ef8ef3ab305"),
    ("md5_salted", PLAIN, "a$b$995fb4ed629e94d9766350b13dc11f20"),
    ("sha256", PLAIN, "ea8db2f1453ce6e04f70719542809b7bc86e74b828b39a1ad83cebe3c3c90d03"),
    ("sha256", UNICODE, "EB334BFE03C2A76332966FB287D9C7AC79F9FEB6FE4598EE37C3040B994948DC"),
    ("sha256_salted", PLAIN, "pinch$9dd57cb081317fa017d9582ded7c64853ae502db3df45c0f587719119e2e3fc6"),
    ("sha256_salted", PLAIN, "a$b$68929bb17ad3a383216d6f269d2e2bf59df767342bf373ec7877951884cd133a"),
    ("phpass", PLAIN, "$P$5L7Duz.TepicyNhyVcWvv2AhYzIgjz/"),
    ("phpass", UNICODE, "$H$6W7t8YTbfBSSoFrwomQVP4zlOVF3.O0"),
    ("md5_phpass", PLAIN, "$P$5swEh7/GSynbKtnrRIoZfieLSuld4g/"),
    ("md5_phpass", UNICODE, "$P$5HmMRfBwx8zFPjfpsyN2d7KEU9yEhX1"),
    ("pbkdf2_sha1", PLAIN, "pbkdf2_sha1$100$table salt$0ff4018f93f3910b617a52efc9bf420297beab285cfe57a4112dd94567663e21"),
    ("pbkdf2_sha1", PLAIN, "pbkdf2_sha1$100$00ffa1$f4b84825affb48edc11d23bd942f401882208aa5$20"),
    ("pbkdf2_sha256", PLAIN, "pbkdf2_sha256$100$8PHy8/T19vf4+fr7/P3+/w==$2EluAnGaAMstmbn7ZON1pcrD4UhenhdRcTsnNIthodI="),
    ("pbkdf2_sha256", UNICODE, "pbkdf2_sha256$100$8PHy8/T19vf4+fr7/P3+/w==$nkaLne51ieLhoDkkCKHAWQowDTmgEU8LkS8Yp2WNILaOe0fjmVNk180OkLrf0uoWXjrYkZwvbLpCfAtg1oBP6g=="),
    ("pbkdf2_sha512", PLAIN, "pbkdf2_sha512$100$beef01$c89bdfe77b579da45493faf8dde82103d187e897c129d3255c561beb62a35a19f31701dd60fd9d0d4018d93f3c9b14793a3b9cd3bc727aced53af9c67b3c48a4"),
    ("pbkdf2_sha512_hex", PLAIN, "pbkdf2_sha512_hex$100$beef01$93697ba78b4143adbd2496a1140a69c4a0b674bf6f806cc8ce6c0b49f12c5d07498d32970e33db61dd912b8a4be97c06323941134800301e60ce6078fd3ede8a"),
    ("scrypt_werkzeug", PLAIN, "scrypt:256:8:1$OdcAsNeo$186b09dbc7de6578d684766eaed4c768ac12b00669835b3f3aecbf376e1f00beb459a197b061e51f3684351ca2feb484b01dfe329c87c2205b878caf2f5f465d"),
    ("scrypt_werkzeug", PLAIN, "$scrypt:256:8:1$OdcAsNeo$GGsJ28feZXjWhHZurtTHaKwSsAZpg1s/Ouy/N24fAL60WaGXsGHlHzaENRyi/rSEsB3+MpyHwiBbh4yvL19GXQ=="),
    ("scrypt_firebase", PLAIN, "FAhJHj9K6RW/5bV3XCPClw/MMZ65u6yg06k3Ry+BPiXnnqgziW94KT9ZT+ERZxlI9ppJ/PycYtqmsj0TIHbQqQ==$ZWlnaHRieXQ=$H1rnEkENdMHfmGPTJkzGJsKcQ+eCu866vSHLtgIOssrF6cNWwk32DhzMjRLIERih2Fcwq3f2vhijx2PYygAsbg==$Bw==$8$8"),
    ("scrypt_firebase", UNICODE, "yRyPqzmCRnfHvrRbxTCvdBa-xNoVfR_eOxhGxGDKkqMMheoVyPWr1UdvxpFGwrH6P_MAkPnw69Rjl0ytF4yWcA==$ZWlnaHRieXQ=$H1rnEkENdMHfmGPTJkzGJsKcQ-eCu866vSHLtgIOssrF6cNWwk32DhzMjRLIERih2Fcwq3f2vhijx2PYygAsbg==$Bw==$8$8"),
    ("sha512_symfony", PLAIN, "sha512_symfony$5$pinch$N2g9nyk/7HndeciBCUvesClLhhs/+VnNGEGUgdCtoHePQjXPtd5kXq6wXtMuMlnypaD+/mvRUIGqXUlsdocp2g=="),
    ("sha512_symfony", UNICODE, "sha512_symfony$1$$L/xj3I9DUbE+KJkLjG6asJcKPB4iMlqxZ667aC30tX6+22+YA4XNXewqq4K8VDbNlNY425T/hN1rxyILZ7cEug=="),
];

fn check(password: &str, hasher: &str, digest: &str) -> Result<bool, PasswordError> {
    verify(password, hasher.parse()?, digest)
}

fn verify(password: &str, hasher: Hasher, digest: &str) -> Result<bool, PasswordError> {
    super::verify(password, hasher, digest, &mut Memory::new())
}

fn hash(password: &str, params: &Params, entropy: &dyn Entropy) -> Result<PasswordDigest, PasswordError> {
    super::hash(password, params, entropy, &mut Memory::new())
}

/// Cheap, so that the tests are.
fn params() -> Params {
    Params::new(64, 2, 1).unwrap()
}

#[test]
fn every_format_verifies_its_own_password_and_no_other() {
    for (hasher, password, digest) in VECTORS {
        assert_eq!(check(password, hasher, digest), Ok(true), "{digest}");
        for other in [&format!("x{password}"), &password[1..], &password.to_uppercase(), ""] {
            assert_eq!(check(other, hasher, digest), Ok(false), "{other} {digest}");
        }
        assert!(import(hasher, digest).is_ok_and(|taken| taken.digest.expose() == digest), "{digest}");
    }
}

#[test]
fn memory_that_others_used_before_changes_no_digest() {
    let mut memory = Memory::new();
    for (hasher, password, digest) in VECTORS.iter().chain(VECTORS.iter().rev()) {
        let hasher = hasher.parse().unwrap();
        assert_eq!(super::verify(password, hasher, digest, &mut memory), Ok(true), "{digest}");
        assert_eq!(super::verify("other", hasher, digest, &mut memory), Ok(false), "{digest}");
    }
    let used = super::hash(PLAIN, &params(), &seeded(1), &mut memory).unwrap();
    assert_eq!(used, hash(PLAIN, &params(), &seeded(1)).unwrap());
}

#[test]
fn every_hasher_has_a_vector() {
    let seen: HashSet<&str> = VECTORS.iter().map(|(hasher, ..)| *hasher).collect();
    for hasher in Hasher::ALL {
        assert!(seen.contains(hasher.as_str()), "{hasher}");
    }
}

#[test]
fn a_password_is_taken_byte_for_byte() {
    for password in ["", " space ", "nul\0inside", "Å", "A\u{30a}", &"x".repeat(4096)] {
        let made = hash(password, &params(), &seeded(1)).unwrap();
        assert_eq!(verify(password, made.hasher, made.digest.expose()), Ok(true));
        assert_eq!(verify(&format!("{password} "), made.hasher, made.digest.expose()), Ok(false));
    }
    let composed = hash("Å", &params(), &seeded(1)).unwrap();
    assert_eq!(verify("A\u{30a}", composed.hasher, composed.digest.expose()), Ok(false));
}

#[test]
fn a_new_digest_is_argon2id_with_a_salt_of_its_own() {
    let source = seeded(1);
    let (a, b) = (hash(PLAIN, &params(), &source).unwrap(), hash(PLAIN, &params(), &source).unwrap());
    assert_eq!(a.hasher, Hasher::Argon2id);
    assert!(a.digest.expose().starts_with("$argon2id$v=19$m=64,t=2,p=1$"));
    assert_ne!(a.digest, b.digest);
    assert_eq!(format!("{a:?}"), "PasswordDigest { hasher: Argon2id, digest: Secret(..) }");
}

#[test]
fn bcrypt_reads_72_bytes_and_the_others_read_all() {
    let digest_of = |hasher: &str| VECTORS.iter().find(|v| v.0 == hasher && v.1 == LONG).unwrap().2;
    let changed_behind = format!("{LONG}!");
    assert_eq!(check(&changed_behind, "bcrypt", digest_of("bcrypt")), Ok(true));
    assert_eq!(check(&LONG[..71], "bcrypt", digest_of("bcrypt")), Ok(false));
    assert_eq!(check(&changed_behind, "bcrypt_sha256_django", digest_of("bcrypt_sha256_django")), Ok(false));
}

#[test]
fn bits_left_over_in_a_bcrypt_salt_do_not_matter() {
    // Old libraries wrote random bits there. The last character of this salt, `O`, carries zeros; `P` carries a one.
    let digest = "$2a$04$TPOcL39dAG/Pkkp8Vbe3aONK99gSTLEhH9cBsvfRZwzGd06knEWR6";
    let unclean = digest.replacen("e3aO", "e3aP", 1);
    assert_ne!(digest, unclean);
    assert_eq!(check(PLAIN, "bcrypt", &unclean), Ok(true));
    assert_eq!(check("other", "bcrypt", &unclean), Ok(false));
}

#[test]
fn the_dummy_digest_costs_the_same_and_fits_nothing() {
    let dummy = dummy_digest(&params());
    let real = hash(PLAIN, &params(), &seeded(1)).unwrap();
    let cost = |digest: &PasswordDigest| digest.digest.expose().split('$').nth(3).map(str::to_owned);
    assert_eq!(cost(&dummy), cost(&real));
    assert_eq!(dummy.digest.expose().len(), real.digest.expose().len());
    let work = |digest: &PasswordDigest| {
        let mut memory = Memory::new();
        super::verify(PLAIN, digest.hasher, digest.digest.expose(), &mut memory).unwrap();
        memory.take_work()
    };
    assert_eq!(work(&dummy), Work { digests: 1, written_kib: 64 * 2 });
    assert_eq!(work(&dummy), work(&real));
    for password in ["", PLAIN, UNICODE] {
        assert_eq!(verify(password, dummy.hasher, dummy.digest.expose()), Ok(false));
    }
}

#[test]
fn what_is_weaker_than_the_target_is_hashed_anew() {
    let target = Params::DEFAULT;
    let phc = |m: u32, t: u32| hash(PLAIN, &Params::new(m, t, 1).unwrap(), &seeded(1)).unwrap();
    let again = |digest: &PasswordDigest| needs_rehash(digest.hasher, digest.digest.expose(), &target);
    assert!(!again(&phc(19_456, 2)));
    assert!(!again(&phc(19_457, 3)));
    assert!(again(&phc(19_455, 2)));
    assert!(again(&phc(19_456, 1)));
    assert!(!again(&dummy_digest(&target)));
    for (hasher, _, digest) in VECTORS {
        assert!(needs_rehash(hasher.parse().unwrap(), digest, &target), "{digest}");
    }
    let old_version =
        "$argon2id$v=16$m=19456,t=2,p=1$c2l4dGVlbiBieXRlIHNsdA$UPWJPuOKmmECmsz2nSB+gWvmYBuSV636dFgoSQKioSo";
    assert!(needs_rehash(Hasher::Argon2id, old_version, &target));
}

#[test]
fn digests_of_another_form_are_refused() {
    let salt_and_hash = "c2l4dGVlbiBieXRlIHNsdA$UPWJPuOKmmECmsz2nSB+gWvmYBuSV636dFgoSQKioSo";
    let bcrypt = "$2b$04$dSB7IsMbk5c75UKHZ2OtQ.ncV.U3xe6vnRRaiNaaxRiu5g.L.DT2S";
    let sha1 = "0ff4018f93f3910b617a52efc9bf420297beab285cfe57a4112dd94567663e21";
    let cases = [
        ("argon2id", format!("$argon2i$v=19$m=64,t=2,p=1${salt_and_hash}")),
        ("argon2i", format!("$argon2id$v=19$m=64,t=2,p=1${salt_and_hash}")),
        ("argon2id", format!("argon2id$v=19$m=64,t=2,p=1${salt_and_hash}")),
        ("argon2id", format!("$argon2id$v=20$m=64,t=2,p=1${salt_and_hash}")),
        ("argon2id", format!("$argon2id$v=19$m=64,t=2${salt_and_hash}")),
        ("argon2id", format!("$argon2id$v=19$m=64,t=2,p=1,m=64${salt_and_hash}")),
        ("argon2id", format!("$argon2id$v=19$m=64,t=2,p=1,keyid=AA${salt_and_hash}")),
        ("argon2id", format!("$argon2id$v=19$m=7,t=2,p=1${salt_and_hash}")),
        ("argon2id", format!("$argon2id$v=19$m=64,t=0,p=1${salt_and_hash}")),
        ("argon2id", format!("$argon2id$v=19$m=64,t=2,p=0${salt_and_hash}")),
        ("argon2id", format!("$argon2id$v=19$m=-64,t=2,p=1${salt_and_hash}")),
        ("argon2id", format!("$argon2id$v=19$m=64,t=2,p=1${salt_and_hash}$x")),
        ("argon2id", "$argon2id$v=19$m=64,t=2,p=1$c2l4dGVlbiBieXRlIHNsdA$AA".into()),
        ("argon2id", "$argon2id$v=19$m=64,t=2,p=1$AA$UPWJPuOKmmECmsz2nSB+gWvmYBuSV636dFgoSQKioSo".into()),
        ("argon2id", "$argon2id$v=19$m=64,t=2,p=1$c2FsdHNhbHQ$%%%".into()),
        ("bcrypt", bcrypt.replacen("$2b$", "$2x$", 1)),
        ("bcrypt", bcrypt.replacen("$2b$", "$2$b", 1)),
        ("bcrypt", bcrypt.replacen("$04$", "$4$0", 1)),
        ("bcrypt", bcrypt.replacen("$04$", "$03$", 1)),
        ("bcrypt", bcrypt.replacen("$04$", "$+4$", 1)),
        ("bcrypt", bcrypt[..59].to_owned()),
        ("bcrypt", format!("{bcrypt}a")),
        ("bcrypt", format!("{}é", &bcrypt[..58])),
        ("bcrypt", bcrypt.replacen("dSB7", "dSB+", 1)),
        ("bcrypt_peppered", bcrypt.to_owned()),
        ("bcrypt_peppered", format!("{bcrypt}$")),
        ("bcrypt_peppered", format!("{bcrypt}pepper")),
        ("bcrypt_peppered", format!("{}é$pepper", &bcrypt[..59])),
        ("bcrypt_sha256_django", bcrypt.to_owned()),
        ("bcrypt_sha256_django", format!("bcrypt_sha256{bcrypt}")),
        ("ldap_ssha", "{SSHA}AAAA".into()),
        ("ldap_ssha", "gNewfPR1yBBdEt9bZbxw6/xfmhftXStF".into()),
        ("ldap_ssha", "{SSHA}gNewfPR1yBBdEt9bZbxw6/xfmhc=".into()),
        ("ldap_ssha", format!("{{SSHA}}{}", "A".repeat(60))),
        ("md5", "987fef844543c6d47a3c690f8ffdf4c".into()),
        ("md5", "987fef844543c6d47a3c690f8ffdf4cg".into()),
        ("md5", "ea8db2f1453ce6e04f70719542809b7bc86e74b828b39a1ad83cebe3c3c90d03".into()),
        ("md5_salted", "987fef844543c6d47a3c690f8ffdf4cc".into()),
        ("md5_salted", "$987fef844543c6d47a3c690f8ffdf4cc".into()),
        ("sha256", "987fef844543c6d47a3c690f8ffdf4cc".into()),
        ("sha256_salted", "pinch$987fef844543c6d47a3c690f8ffdf4cc".into()),
        ("phpass", "$P$Babcdefg".into()),
        ("phpass", "$Q$5L7Duz.TepicyNhyVcWvv2AhYzIgjz/".into()),
        ("phpass", "$P$4L7Duz.TepicyNhyVcWvv2AhYzIgjz/".into()),
        ("phpass", "$P$!L7Duz.TepicyNhyVcWvv2AhYzIgjz/".into()),
        ("phpass", "$P$5L7Duz.TepicyNhyVcWvv2AhYzIgjz!".into()),
        ("phpass", "$P$5L7Duz.é".into()),
        ("md5_phpass", String::new()),
        ("pbkdf2_sha1", format!("pbkdf2_sha1$0$salt${sha1}")),
        ("pbkdf2_sha1", format!("pbkdf2_sha1$100$salt${sha1}$20")),
        ("pbkdf2_sha1", format!("pbkdf2_sha1$100$salt${sha1}$32$1")),
        ("pbkdf2_sha1", format!("pbkdf2_sha1$1e2$salt${sha1}")),
        ("pbkdf2_sha1", format!("pbkdf2_sha256$100$salt${sha1}")),
        ("pbkdf2_sha1", "pbkdf2_sha1$100$salt$aa".into()),
        ("pbkdf2_sha256", "pbkdf2_sha256$100$AAAA$AAAA".into()),
        ("pbkdf2_sha256", "pbkdf2_sha256$100$A!AA$2EluAnGaAMstmbn7ZON1pcrD4UhenhdRcTsnNIthodI=".into()),
        ("pbkdf2_sha256", "pbkdf2_sha256$100$AAAA$2EluAnGaAMstmbn7ZON1pcrD4UhenhdRcTsnNIthodI=$32".into()),
        ("pbkdf2_sha256_django", "pbkdf2_sha256_django$100$s$2EluAnGaAMstmbn7ZON1pcrD4UhenhdRcTsnNIthodI=".into()),
        ("pbkdf2_sha512", "pbkdf2_sha512$100$salt$zz".into()),
        ("pbkdf2_sha512_hex", format!("pbkdf2_sha512_hex$100$salt${sha1}")),
        ("scrypt_firebase", "hash$salt$key$Bw==$8".into()),
        ("scrypt_firebase", "AAAA$AAAA$AAAA$Bw==$8$8".into()),
        ("scrypt_firebase", format!("{0}$AAAA${0}$Bw==$0$8", "A".repeat(24))),
        ("scrypt_werkzeug", format!("scrypt:255:8:1$salt${sha1}")),
        ("scrypt_werkzeug", format!("scrypt:0:8:1$salt${sha1}")),
        ("scrypt_werkzeug", format!("scrypt:256:0:1$salt${sha1}")),
        ("scrypt_werkzeug", format!("scrypt:256:8$salt${sha1}")),
        ("scrypt_werkzeug", "scrypt:256:8:1$salt$00".into()),
        ("scrypt_werkzeug", format!("pbkdf2:256:8:1$salt${sha1}")),
        ("sha512_symfony", "sha512_symfony$5$pinch$AAAA".into()),
        ("sha512_symfony", format!("sha512_symfony$0$pinch${}==", "A".repeat(86))),
        ("sha512_symfony", format!("sha512$5$pinch${}==", "A".repeat(86))),
        ("md5_salted", format!("{}$987fef844543c6d47a3c690f8ffdf4cc", "s".repeat(1000))),
    ];
    for (hasher, digest) in cases {
        assert_eq!(import(hasher, &digest), Err(PasswordError::Malformed), "{hasher} {digest}");
        assert_eq!(check(PLAIN, hasher, &digest), Err(PasswordError::Malformed), "{hasher} {digest}");
    }
    for hasher in Hasher::ALL {
        for digest in ["", "$", "not-a-hash", "$$$$$$", "é"] {
            assert_eq!(import(hasher.as_str(), digest), Err(PasswordError::Malformed), "{hasher} {digest}");
        }
    }
    assert_eq!(import("nosuchhasher", "x"), Err(PasswordError::UnknownHasher));
}

#[test]
fn digests_that_would_cost_too_much_are_refused() {
    let salt_and_hash = "c2l4dGVlbiBieXRlIHNsdA$UPWJPuOKmmECmsz2nSB+gWvmYBuSV636dFgoSQKioSo";
    let hash = "0ff4018f93f3910b617a52efc9bf420297beab285cfe57a4112dd94567663e21";
    let base64 = "2EluAnGaAMstmbn7ZON1pcrD4UhenhdRcTsnNIthodI=";
    let cases = [
        ("argon2id", format!("$argon2id$v=19$m=4294967295,t=1,p=1${salt_and_hash}")),
        ("argon2id", format!("$argon2id$v=19$m=262145,t=1,p=1${salt_and_hash}")),
        ("argon2id", format!("$argon2id$v=19$m=262144,t=5,p=1${salt_and_hash}")),
        ("argon2id", format!("$argon2id$v=19$m=64,t=4294967295,p=1${salt_and_hash}")),
        ("argon2id", format!("$argon2id$v=19$m=64,t=99999999999,p=1${salt_and_hash}")),
        ("argon2i", format!("$argon2i$v=19$m=1024,t=1,p=17${salt_and_hash}")),
        ("bcrypt", "$2b$16$dSB7IsMbk5c75UKHZ2OtQ.ncV.U3xe6vnRRaiNaaxRiu5g.L.DT2S".into()),
        ("bcrypt", "$2b$31$dSB7IsMbk5c75UKHZ2OtQ.ncV.U3xe6vnRRaiNaaxRiu5g.L.DT2S".into()),
        ("bcrypt", "$2b$99$dSB7IsMbk5c75UKHZ2OtQ.ncV.U3xe6vnRRaiNaaxRiu5g.L.DT2S".into()),
        ("bcrypt_peppered", "$2b$16$dSB7IsMbk5c75UKHZ2OtQ.ncV.U3xe6vnRRaiNaaxRiu5g.L.DT2S$p".into()),
        ("bcrypt_sha256_django", "bcrypt_sha256$$2b$16$dSB7IsMbk5c75UKHZ2OtQ.ncV.U3xe6vnRRaiNaaxRiu5g.L.DT2S".into()),
        ("phpass", "$P$JL7Duz.TepicyNhyVcWvv2AhYzIgjz/".into()),
        ("md5_phpass", "$P$zL7Duz.TepicyNhyVcWvv2AhYzIgjz/".into()),
        ("pbkdf2_sha1", format!("pbkdf2_sha1$2500001$salt${hash}")),
        ("pbkdf2_sha256", format!("pbkdf2_sha256$1000000000$AAAA${base64}")),
        ("pbkdf2_sha256_django", format!("pbkdf2_sha256$5000001$salt${base64}")),
        ("pbkdf2_sha512", format!("pbkdf2_sha512$99999999999$salt${hash}")),
        ("pbkdf2_sha512_hex", format!("pbkdf2_sha512_hex$4294967295$aa${hash}")),
        ("scrypt_werkzeug", format!("scrypt:1073741824:8:1$salt${hash}")),
        ("scrypt_werkzeug", format!("scrypt:32768:8:9$salt${hash}")),
        ("scrypt_werkzeug", format!("scrypt:2:4294967295:4294967295$salt${hash}")),
        ("scrypt_firebase", format!("{0}$AAAA${0}$Bw==$8$19", "A".repeat(24))),
        ("scrypt_firebase", format!("{0}$AAAA${0}$Bw==$8$4294967295", "A".repeat(24))),
        ("sha512_symfony", format!("sha512_symfony$1000001$s${}==", "A".repeat(86))),
    ];
    for (hasher, digest) in cases {
        assert_eq!(import(hasher, &digest), Err(PasswordError::TooCostly), "{hasher} {digest}");
    }
}

#[test]
fn digests_at_the_limits_are_still_taken() {
    let salt_and_hash = "c2l4dGVlbiBieXRlIHNsdA$UPWJPuOKmmECmsz2nSB+gWvmYBuSV636dFgoSQKioSo";
    let hash = "0ff4018f93f3910b617a52efc9bf420297beab285cfe57a4112dd94567663e21";
    let cases = [
        ("argon2id", format!("$argon2id$v=19$m=102400,t=2,p=8${salt_and_hash}")),
        ("argon2id", format!("$argon2id$v=19$t=4,p=4,m=262144${salt_and_hash}")),
        ("bcrypt", "$2b$15$dSB7IsMbk5c75UKHZ2OtQ.ncV.U3xe6vnRRaiNaaxRiu5g.L.DT2S".into()),
        ("phpass", "$P$IL7Duz.TepicyNhyVcWvv2AhYzIgjz/".into()),
        ("pbkdf2_sha1", format!("pbkdf2_sha1$2500000$salt${hash}$32")),
        ("pbkdf2_sha512_hex", format!("pbkdf2_sha512_hex$5000000$aa${hash}")),
        ("scrypt_werkzeug", format!("scrypt:32768:8:8$salt${hash}")),
        ("scrypt_firebase", format!("{0}$AAAA${0}$Bw==$8$18", "A".repeat(24))),
    ];
    for (hasher, digest) in cases {
        assert!(import(hasher, &digest).is_ok(), "{hasher} {digest}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_parsers_panic(text in "\\PC{0,120}", fields in "[$a-z0-9=,:{}SH/.-]{0,120}") {
        for hasher in Hasher::ALL {
            let _ = parse(*hasher, &text);
            let _ = parse(*hasher, &fields);
        }
    }

    #[test]
    fn no_changed_vector_makes_the_parsers_panic(
        (_, _, digest) in prop::sample::select(VECTORS),
        at: prop::sample::Index,
        with in "[$0-9a-zA-Zé=:]{0,3}",
    ) {
        let mut text: Vec<char> = digest.chars().collect();
        let at = at.index(text.len());
        text.splice(at..=at, with.chars());
        let text: String = text.into_iter().collect();
        for hasher in Hasher::ALL {
            let _ = parse(*hasher, &text);
        }
    }

    #[test]
    fn any_password_is_verified_by_its_digest(password in "\\PC{0,80}") {
        let made = hash(&password, &Params::new(8, 1, 1).unwrap(), &seeded(1)).unwrap();
        prop_assert_eq!(verify(&password, made.hasher, made.digest.expose()), Ok(true));
    }
}
