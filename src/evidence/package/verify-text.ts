/** How a package is checked, for who opens it. */
export const README_FILE = 'VERIFY.md';
export const VERIFIER_FILE = 'verify/verify.mjs';

/** @param identifier  what the package is of */
export const verifyText = (identifier: string): string => `# How to check this package (${identifier})

You need Node.js, 20.15 or later, and nothing else: no network, no account, no other file.

    node verify/verify.mjs                    (in this folder, after unpacking)
    node verify.mjs PACKAGE.zip               (the ZIP as it came)
    node verify.mjs PACKAGE.zip --keys KEYS.json --trust CHECKPOINT

It checks that every file that the manifests name is there with the digests that they say, that nothing else is, that the manifests are
those that were signed, that the signature holds, and, where the package has an extract of the server's ledger, each hash and signature
in it. It prints what it checked, and names each file that is wrong. It ends with 0 where all holds, 1 where something was changed, 2 where
something is missing or cannot be read, 3 where a signature does not hold.

**What it cannot know by itself.** Who changes a package can also change the verify.mjs in it and sign with a key of their own, put
into signatures/keys. So take verify.mjs from another package or from the software's release, and give it the public keys (JWKS) as the
server publishes them or as they were handed to you (\`--keys\`).

Without Node: this is a bag of BagIt 1.0 (RFC 8493), which other tools check, too. \`sha512sum -c manifest-sha512.txt\` and
\`sha512sum -c tagmanifest-sha512.txt\` check the files (a % in a name stands there as %25); signatures/package.dsse.json is a DSSE envelope (Ed25519) with an in-toto
statement that has the SHA-512 of tagmanifest-sha512.txt. What the files mean is in data/ro-crate-metadata.json (RO-Crate 1.2).
`;
