"""Why a reward is not ready and a visit gave nothing, to customers, in every language."""
