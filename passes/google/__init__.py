"""Google Wallet: loyalty classes and objects, the links that save them, and the callbacks."""
