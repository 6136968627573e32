"""How somebody proves who it is: passkeys, a second proof, the account of work, and devices signed in on."""
